{"name":"PlasticsAndRubberMouldsIdentification","id":"https://admin-shell.io/idta/euromap/Moulds/Identification/1/0","semanticId":"https://admin-shell.io/idta/euromap/Moulds/Identification/1/0","semanticIdType":"ExternalReference","title":"Plastic and Rubber Moulds Part 1 Identification","number":"02038-1","version":"1.0"}
 {"modelType":"Property","idShort":"MonthOfConstruction","semanticId":"0173-1#02-ABA682#001","valueType":"xs:int","maximum":1,"dataType":"INTEGER_COUNT","semanticIdType":"ExternalReference"}
 {"modelType":"Property","idShort":"InitialOperationDate","semanticId":"0173-1#02-ABA683#001","valueType":"xs:date","maximum":1,"dataType":"DATE","semanticIdType":"ExternalReference"}
 {"modelType":"Property","idShort":"InitialSamplingDate","semanticId":"https://admin-shell.io/idta/euromap/Moulds/Identification/InitialSamplingDate/1/0","valueType":"xs:date","maximum":1,"dataType":"DATE","semanticIdType":"ExternalReference"}
 {"modelType":"Property","idShort":"InitialProductionDate","semanticId":"https://admin-shell.io/idta/euromap/Moulds/Identification/InitialProductionDate/1/0","valueType":"xs:date","maximum":1,"dataType":"DATE","semanticIdType":"ExternalReference"}
 {"modelType":"Property","idShort":"ManufacturerURI","semanticId":"https://admin-shell.io/idta/euromap/Moulds/Identification/ManufacturerURI/1/0 ","valueType":"xs:string","maximum":1,"dataType":"STRING","semanticIdType":"ExternalReference","exampleDigests":["2dea121e47a6c5b7"]}
 {"modelType":"Property","idShort":"AssetID","semanticId":" 0173-1#02-ABA684#001","valueType":"xs:string","maximum":1,"dataType":"STRING","semanticIdType":"ExternalReference","exampleDigests":["cfafa98e61c7ba07"]}
 {"modelType":"Property","idShort":"ControllerName","semanticId":"https://admin-shell.io/idta/euromap/Moulds/Identification/ControllerName/1/0 ","valueType":"xs:string","maximum":1,"dataType":"STRING","semanticIdType":"ExternalReference","exampleDigests":["86998a87937f6bbe"]}
 {"modelType":"Property","idShort":"ArticleID","semanticId":"https://admin-shell.io/idta/euromap/Moulds/Identification/ArticleID/1/0 ","valueType":"xs:string","dataType":"STRING","semanticIdType":"ExternalReference"}
 {"modelType":"Property","idShort":"ArticleName","semanticId":"https://admin-shell.io/idta/euromap/Moulds/Identification/ArticleName/1/0 ","valueType":"xs:string","dataType":"STRING","semanticIdType":"ExternalReference","exampleDigests":["9a712232070ab894"]}
 {"modelType":"SubmodelElementCollection","idShort":"Affiliation","semanticId":"https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/ContactInformation","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"Property","idShort":"RoleOfContactPerson","semanticId":"0173-1#02-AAO204#003","valueType":"xs:string","maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["b4815652132deae0"]}
  {"modelType":"MultiLanguageProperty","idShort":"NationalCode","semanticId":"0173-1#02-AAO134#002","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"Property","idShort":"Language","semanticId":"https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/ContactInformation/Language","valueType":"xs:string","semanticIdType":"ExternalReference"}
  {"modelType":"Property","idShort":"TimeZone","semanticId":"https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/ContactInformation/TimeZone","valueType":"xs:string","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"MultiLanguageProperty","idShort":"CityTown","semanticId":"0173-1#02-AAO132#002","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"MultiLanguageProperty","idShort":"Company","semanticId":"0173-1#02-AAW001#001","maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["2e59af495967e638"]}
  {"modelType":"MultiLanguageProperty","idShort":"Department","semanticId":"0173-1#02-AAO127#003","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"SubmodelElementCollection","idShort":"Phone","semanticId":"https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/ContactInformation/Phone","maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"MultiLanguageProperty","idShort":"TelephoneNumber","semanticId":"0173-1#02-AAO136#002","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"TypeOfTelephone","semanticId":"0173-1#02-AAO137#003","valueType":"xs:string","maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["6a17548900f60bdb"]}
   {"modelType":"MultiLanguageProperty","idShort":"AvailableTime","semanticId":"https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/ContactInformation/AvailableTime/","maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["6569e603b35e2b16"]}
  {"modelType":"SubmodelElementCollection","idShort":"Fax","semanticId":"0173-1#02-AAQ834#005","maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"MultiLanguageProperty","idShort":"FaxNumber","semanticId":"0173-1#02-AAO195#002","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"TypeOfFaxNumber","semanticId":"0173-1#02-AAO196#003","valueType":"xs:string","maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["6a17548900f60bdb"]}
  {"modelType":"SubmodelElementCollection","idShort":"Email","semanticId":"0173-1#02-AAQ836#005","maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"EmailAddress","semanticId":"0173-1#02-AAO198#002","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["3c3adae64a31a2e2"]}
   {"modelType":"MultiLanguageProperty","idShort":"PublicKey","semanticId":"0173-1#02-AAO200#002","maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"TypeOfEmailAddress","semanticId":"0173-1#02-AAO199#003","valueType":"xs:string","maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["6a17548900f60bdb"]}
   {"modelType":"MultiLanguageProperty","idShort":"TypeOfPublicKey","semanticId":"0173-1#02-AAO201#002","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"SubmodelElementCollection","idShort":"IPCommunication__00__","semanticId":"https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/","allowedIdShort":"IPCommunication(?:__)?\\d+(?:__)?","semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"AddressOfAdditionalLink","semanticId":"0173-1#02-AAQ326#002","valueType":"xs:string","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"Property","idShort":"TypeOfCommunication","semanticId":"https://admin-shell.io/zvei/nameplate/1/0/ ContactInformations/ContactInformation/IPCommunication/TypeOfCommunication","valueType":"xs:string","maximum":1,"semanticIdType":"ExternalReference"}
   {"modelType":"MultiLanguageProperty","idShort":"AvailableTime","semanticId":"https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/ContactInformation/AvailableTime/","maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["6569e603b35e2b16"]}
  {"modelType":"MultiLanguageProperty","idShort":"Street","semanticId":"0173-1#02-AAO128#002","minimum":1,"maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["7618126371a35748"]}
  {"modelType":"MultiLanguageProperty","idShort":"Zipcode","semanticId":"0173-1#02-AAO129#002","minimum":1,"maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"MultiLanguageProperty","idShort":"POBox","semanticId":"0173-1#02-AAO130#002","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"MultiLanguageProperty","idShort":"ZipCodeOfPOBox","semanticId":"0173-1#02-AAO131#002","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"MultiLanguageProperty","idShort":"StateCounty","semanticId":"0173-1#02-AAO133#002","maximum":1,"semanticIdType":"ExternalReference","exampleDigests":["ad04b4883b369c3e"]}
  {"modelType":"MultiLanguageProperty","idShort":"NameOfContact","semanticId":"0173-1#02-AAO205#002","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"MultiLanguageProperty","idShort":"FirstName","semanticId":"0173-1#02-AAO206#002","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"MultiLanguageProperty","idShort":"MiddleNames","semanticId":"0173-1#02-AAO207#002","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"MultiLanguageProperty","idShort":"Title","semanticId":"0173-1#02-AAO208#003","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"MultiLanguageProperty","idShort":"AcademicTitle","semanticId":"0173-1#02-AAO209#003","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"MultiLanguageProperty","idShort":"FurtherDetailsOfContact","semanticId":"0173-1#02-AAO210#002","maximum":1,"semanticIdType":"ExternalReference"}
  {"modelType":"Property","idShort":"AddressOfAdditionalLink","semanticId":"0173-1#02-AAQ326#002","valueType":"xs:string","maximum":1,"semanticIdType":"ExternalReference"}
 {"modelType":"MultiLanguageProperty","idShort":"ComponentName","semanticId":"0173-1#02-ABA685#001","maximum":1,"dataType":"STRING_TRANSLATABLE","semanticIdType":"ExternalReference","exampleDigests":["8be7736071cbb486"]}
 {"modelType":"MultiLanguageProperty","idShort":"Comments","semanticId":"0173-1#02-ABJ035#002","dataType":"STRING_TRANSLATABLE","semanticIdType":"ExternalReference","exampleDigests":["7d355f9ec42a2ce8"]}
 {"modelType":"MultiLanguageProperty","idShort":"Location","semanticId":"0173-1#02-ABA686#001","maximum":1,"dataType":"STRING_TRANSLATABLE","semanticIdType":"ExternalReference"}
