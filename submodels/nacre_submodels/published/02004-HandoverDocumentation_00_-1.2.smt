{"name":"HandoverDocumentation__00__","id":"https://admin-shell.io/IDTA02004-1-2","semanticId":"0173-1#01-AHF578#001","semanticIdType":"ModelReference","title":"Handover Documentation","number":"02004","version":"1.2","deprecated":true}
 {"modelType":"Property","idShort":"numberOfDocuments","semanticId":"0173-1#02-ABH990#001","valueType":"xs:integer","semanticIdType":"ExternalReference"}
 {"modelType":"SubmodelElementCollection","idShort":"Document__00__","semanticId":"0173-1#02-ABI500#001/0173-1#01-AHF579#001*01","allowedIdShort":"Document(?:__)?\\d+(?:__)?","semanticIdType":"ExternalReference"}
  {"modelType":"SubmodelElementCollection","idShort":"DocumentId__00__","semanticId":"0173-1#02-ABI501#001/0173-1#01-AHF580#001*01","minimum":1,"allowedIdShort":"DocumentId(?:__)?\\d+(?:__)?","semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"DocumentDomainId","semanticId":"0173-1#02-ABH994#001","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"ValueId","semanticId":"0173-1#02-AAO099#002","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["d72f5a735f0580ed"]}
   {"modelType":"Property","idShort":"IsPrimary","semanticId":"0173-1#02-ABH995#001","valueType":"xs:boolean","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"SubmodelElementCollection","idShort":"DocumentClassification__00__","semanticId":"0173-1#02-ABI502#001/0173-1#01-AHF581#001*01","minimum":1,"allowedIdShort":"DocumentClassification(?:__)?\\d+(?:__)?","semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"ClassId","semanticId":"0173-1#02-ABH996#001","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"MultiLanguageProperty","idShort":"ClassName","semanticId":"0173-1#02-AAO102#003","minimum":1,"maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["7aaf5bf12820bfed"]}
   {"modelType":"Property","idShort":"ClassificationSystem","semanticId":"0173-1#02-ABH997#001","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"SubmodelElementCollection","idShort":"DocumentVersion__00__","semanticId":"0173-1#02-ABI503#001/0173-1#01-AHF582#001*01","allowedIdShort":"DocumentVersion(?:__)?\\d+(?:__)?","semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"Language__00__","semanticId":"0173-1#02-AAN468#006","valueType":"xs:string","minimum":1,"allowedIdShort":"Language\\d{2,3}","semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"DocumentVersionId","semanticId":"0173-1#02-AAO100#002","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"MultiLanguageProperty","idShort":"Title","semanticId":"0173-1#02-AAO105#002","minimum":1,"maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["11e331bac8feedd4","6ca57dbfe1c28c4b"]}
   {"modelType":"MultiLanguageProperty","idShort":"SubTitle","semanticId":"0173-1#02-ABH998#001","maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["5b5861a3858011e2","fa343e73e82285eb"]}
   {"modelType":"MultiLanguageProperty","idShort":"Summary","semanticId":"0173-1#02-AAO106#002","minimum":1,"maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["ef406c18e60b46d2"]}
   {"modelType":"MultiLanguageProperty","idShort":"KeyWords","semanticId":"0173-1#02-ABH999#001","minimum":1,"maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["1f5566204cc2f17c","6a6bcb1da03ec36a"]}
   {"modelType":"Property","idShort":"StatusSetDate","semanticId":"0173-1#02-ABI000#001","valueType":"xs:date","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"StatusValue","semanticId":"0173-1#02-ABI001#001","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"OrganizationName","semanticId":"0173-1#02-ABI002#001","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["e6b228d011d09b48"]}
   {"modelType":"Property","idShort":"OrganizationOfficialName","semanticId":"0173-1#02-ABI004#001","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["a54dc3fba52523a1"]}
   {"modelType":"SubmodelElementCollection","idShort":"DigitalFile__00__","semanticId":"0173-1#02-ABI504#001/0173-1#01-AHF583#001","minimum":1,"allowedIdShort":"DigitalFile\\d{2,3}","semanticIdType":"ExternalReference","exampleDigests":["cbf9580ec51191b8"]}
    {"modelType":"Property","idShort":"MimeType","semanticId":"0173-1#02-AAO214#002 ","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
    {"modelType":"Property","idShort":"DocumentPath","semanticId":"0173-1#02-ABI005#001 ","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"SubmodelElementCollection","idShort":"PreviewFile__00__","semanticId":"0173-1#02-ABI505#001 /0173-1#01-AHF584#001","maximum":1,"allowedIdShort":"PreviewFile\\d{2,3}","semanticIdType":"ExternalReference","exampleDigests":["430fc18b1a3c4c3a"]}
    {"modelType":"Property","idShort":"MimeType","semanticId":"0173-1#02-AAO214#002 ","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
    {"modelType":"Property","idShort":"DocumentPath","semanticId":"0173-1#02-ABI005#001 ","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"ReferenceElement","idShort":"RefersTo__00__","semanticId":"0173-1#02-ABI006#001","allowedIdShort":"RefersTo\\d{2,3}","semanticIdType":"ExternalReference"}
   {"modelType":"ReferenceElement","idShort":"BasedOn__00__","semanticId":"0173-1#02-ABI007#001","allowedIdShort":"BasedOn\\d{2,3}","semanticIdType":"ExternalReference"}
   {"modelType":"ReferenceElement","idShort":"TranslationOf__00__","semanticId":"0173-1#02-ABI008#001","allowedIdShort":"TranslationOf\\d{2,3}","semanticIdType":"ExternalReference"}
  {"modelType":"ReferenceElement","idShort":"DocumentedEntity","semanticId":"https://admin-shell.io/vdi/2770/1/0/Document/DocumentedEntity","semanticIdType":"ExternalReference"}
 {"modelType":"Entity","idShort":"Entity__00__","semanticId":"https://admin-shell.io/vdi/2770/1/0/EntityForDocumentation","allowedIdShort":"Entity(?:__)?\\d+(?:__)?","entityType":"CoManagedEntity","semanticIdType":"ExternalReference"}
