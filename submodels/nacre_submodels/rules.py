"""Rules of instances: the codes `SMT-001` and up."""

from nacre_aas.constraints.registry import declare
from nacre_aas.findings import Severity

_TEMPLATE = "the template of the submodel"
_GUIDELINE = "IDTA guideline for submodel templates, qualifiers of templates"

MISSING = declare(
    "SMT-001",
    "required element missing",
    "The template says how often an element must stand in its parent, and here there are fewer.",
    "add the element; `nacre template show` says what belongs in it",
    f"{_TEMPLATE}; cardinality",
)
TOO_MANY = declare(
    "SMT-002",
    "too many of one element",
    "The template says how often an element may stand in its parent, and here there are more.",
    "remove one of them, or give it another semantic id if it means something else",
    f"{_TEMPLATE}; cardinality",
)
TOO_MANY_MEMBERS = declare(
    "SMT-003",
    "more members in a list than the template shows",
    "The template gives the member of a list the cardinality One. A list exists to hold several, "
    "so this may be a slip of the template and not of the instance.",
    "check with the specification of the template whether several are meant",
    f"{_TEMPLATE}; cardinality",
    severity=Severity.WARNING,
)
SEMANTIC_ID = declare(
    "SMT-004",
    "known element with another semantic id",
    "The element has the idShort of an element of the template, but not its semantic id. A "
    "program that looks for the semantic id will not find it.",
    "set the semantic id that the template has",
    f"{_TEMPLATE}; semanticId",
    severity=Severity.WARNING,
)
REQUIRED_SEMANTIC_ID = declare(
    "SMT-005",
    "required element with another semantic id",
    "An element that the template requires is there by its idShort, but without the semantic id "
    "that makes it that element.",
    "set the semantic id that the template has",
    f"{_TEMPLATE}; semanticId and cardinality",
)
NEAR_MISS = declare(
    "SMT-006",
    "semantic id that is nearly right",
    "The semantic id differs from the one of the template by version, case, blanks or spelling "
    "only. To a program it is another one. What is below is checked as if it were right.",
    "copy the semantic id from the template",
    f"{_TEMPLATE}; semanticId",
    severity=Severity.WARNING,
)
REQUIRED_NEAR_MISS = declare(
    "SMT-007",
    "required element with a semantic id that is nearly right",
    "An element that the template requires is there, but its semantic id differs by version, "
    "case, blanks or spelling, so that a program will not find it. What is below is checked as "
    "if it were right.",
    "copy the semantic id from the template",
    f"{_TEMPLATE}; semanticId and cardinality",
)
MODEL_TYPE = declare(
    "SMT-008",
    "element of another type",
    "The semantic id is that of an element of the template, but the element is of another class.",
    "make it the class that the template has",
    f"{_TEMPLATE}; modelType",
)
VALUE_TYPE = declare(
    "SMT-009",
    "value of another type",
    "The template says of which type the value is.",
    "set `valueType` to the one of the template, and write the value accordingly",
    f"{_TEMPLATE}; valueType",
)
NOT_ALLOWED = declare(
    "SMT-010",
    "value that the template does not allow",
    "The template lists the values that are allowed.",
    "use one of the listed values",
    f"{_GUIDELINE}: SMT/AllowedValue",
)
NOT_OFFERED = declare(
    "SMT-011",
    "value that the form does not offer",
    "The template lists the choices of its form. Other values are not forbidden in so many words.",
    "use one of the listed values if one of them fits",
    f"{_TEMPLATE}; FormChoices",
    severity=Severity.WARNING,
)
OUT_OF_RANGE = declare(
    "SMT-012",
    "value outside the allowed range",
    "The template gives an interval for the value.",
    "check the value and its unit",
    f"{_GUIDELINE}: SMT/AllowedRange",
)
LANGUAGE = declare(
    "SMT-013",
    "required language missing",
    "The template asks for the text in a certain language.",
    "add the text in that language",
    f"{_GUIDELINE}: SMT/RequiredLang",
)
ID_SHORT = declare(
    "SMT-014",
    "idShort against the pattern of the template",
    "The template gives a pattern for the idShort, so that people recognise the element.",
    "rename the element",
    f"{_GUIDELINE}: SMT/AllowedIdShort",
    severity=Severity.WARNING,
)
EITHER_OR = declare(
    "SMT-015",
    "not exactly one of alternatives",
    "The template has alternatives of which exactly one is to be present, or at most one where all of them are "
    "optional.",
    "keep one of them",
    f"{_GUIDELINE}: SMT/EitherOr",
)
LIST_RULE = declare(
    "SMT-016",
    "list declared differently",
    "The template says what a list holds and whether its order has meaning.",
    "declare the list as the template does",
    f"{_TEMPLATE}; SubmodelElementList",
)
UNKNOWN = declare(
    "SMT-017",
    "element that the template does not have",
    "Templates are open: more elements are allowed, but no program that knows only the template "
    "looks at them. It may also be an element of the template with a wrong semantic id.",
    "nothing, if it is meant; else set the semantic id of the template's element",
    "templates are open unless they say otherwise",
    severity=Severity.NOTE,
)
EXAMPLE_LEFT = declare(
    "SMT-018",
    "example value left",
    "The value is the example of the template, word for word; a code of ECLASS or CDD is none, since many products "
    "share it.",
    "replace it by the real value, or remove the element if it is optional",
    _TEMPLATE,
    severity=Severity.WARNING,
)
QUALIFIER_LEFT = declare(
    "SMT-019",
    "template qualifier left",
    "Qualifiers such as SMT/Cardinality speak about the template, not about this product.",
    "remove the qualifier from the instance",
    f"{_GUIDELINE}; IDTA-01001, Constraint AASd-129",
    severity=Severity.WARNING,
)
STILL_TEMPLATE = declare(
    "SMT-020",
    "submodel of an instance is of kind Template",
    "The shell describes an instance, but one of its submodels says of itself that it is a "
    "template. It is not checked as an instance.",
    "set `kind` of the submodel to Instance, or remove it",
    "IDTA-01001 §5.3.2, ModellingKind",
    severity=Severity.WARNING,
)
SUPERSEDED = declare(
    "SMT-021",
    "superseded template",
    "There is a newer version of the template, with another semantic id.",
    "plan the change; ask your customer which version is wanted",
    "the catalogue of published templates",
    severity=Severity.NOTE,
)
NEAR_TEMPLATE = declare(
    "SMT-022",
    "semantic id of a submodel that is nearly right",
    "The semantic id of the submodel differs by version, case, blanks or spelling from one that "
    "is known. Programs that look for the known one do not find it; and unless only blanks differ, "
    "nothing below was checked against a template.",
    "check the semantic id; `nacre template list` shows the known ones",
    "the catalogue of published templates",
    severity=Severity.WARNING,
)
NO_VALUE = declare(
    "SMT-023",
    "required element without value",
    "The template requires the element; it is there, but it says nothing.",
    "give the element a value",
    f"{_TEMPLATE}; cardinality",
    severity=Severity.WARNING,
)
SHARED_ID = declare(
    "SMT-024",
    "semantic id that several templates share",
    "Several templates give their instances this semantic id, and the submodel does not say which one is "
    "meant. It is judged by the one that it comes closest to, which may ask for less than the one meant.",
    "name the template's id in `administration/templateId`, or judge by one with `--template`",
    "the catalogue of published templates; IDTA-01001 §5.3.2, AdministrativeInformation/templateId",
    severity=Severity.NOTE,
)
KNOWN_OTHERWISE = declare(
    "SMT-025",
    "element that only a supplemental semantic id names",
    "The semantic id of the element is another one than the template's, and a supplemental one is what tells which "
    "element it is. A program that looks at semantic ids alone will not find it.",
    "add the semantic id of the template to the supplemental ones, or make it the semantic id",
    f"{_TEMPLATE}; semanticId and supplementalSemanticIds",
    severity=Severity.NOTE,
)
NAMELESS = declare(
    "SMT-026",
    "members of a list that mean nothing by themselves",
    "The template says what the members of the list mean. Here they have no semantic id, and the list has no "
    "`semanticIdListElement` that would give them one, so that only their place tells what they are.",
    "set `semanticIdListElement`, or give the members semantic ids",
    f"{_TEMPLATE}; semanticIdListElement; IDTA-01001, SubmodelElementList/semanticIdListElement",
    severity=Severity.NOTE,
)
NO_TEMPLATE = declare(
    "SMT-030",
    "no template",
    "The template that was asked for is not known, or the file holds none.",
    "`nacre template list` shows the known ones; `nacre template import` adds your own",
    "raised where there is no verdict",
)
NOT_KNOWN = declare(
    "SMT-031",
    "submodel without a known template",
    "No template is known for the semantic id of a submodel, so it is checked against the "
    "metamodel only. Listed among what was not checked.",
    "`nacre template import FILE` adds a template",
    "the catalogue of published templates",
    severity=Severity.NOTE,
)
FORM = declare(
    "SMT-033",
    "form that cannot be used as it is",
    "A value of a form does not fit the template, is missing, or stands where nothing asks for it.",
    "`nacre help forms` says how a form is written",
    "docs/forms.md",
)
IN_WORDS = declare(
    "SMT-032",
    "demands in words",
    "A specification says more than its template: conditions in words that no machine judges, "
    "and those for which there are no rules yet. Listed among what was not checked.",
    "read the specification of the template",
    "the specification of the template",
    severity=Severity.NOTE,
)
