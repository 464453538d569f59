/// Codes of what can be wrong with commands, values and state. A code never changes its meaning.
public enum AnalysisCode: String, CaseIterable, Sendable {
    // Commands and their arguments.
    case unknownCommand = "VPS201"
    case surplusValue = "VPS202"
    case unknownOption = "VPS203"
    case optionOfOtherVariant = "VPS204"
    case givenTwice = "VPS205"
    case wrongKind = "VPS206"
    case outOfRange = "VPS207"
    case unknownWord = "VPS208"
    case missingValue = "VPS209"
    case optionWithoutValue = "VPS210"
    case excluded = "VPS211"
    case indivisible = "VPS212"
    case tooLarge = "VPS213"
    case belongsTogether = "VPS214"
    case blockNotTaken = "VPS215"
    case nothingReturned = "VPS216"
    case wrongSuffix = "VPS217"
    case redefinedCommand = "VPS218"
    case recursion = "VPS219"

    // Sweeps.
    /// A `vary` outside of a sweep, or after its other statements.
    case misplacedVary = "VPS230"
    /// A sweep inside a sweep.
    case nestedSweep = "VPS231"
    /// A name that two axes of one group vary.
    case variedTwice = "VPS232"
    /// An axis without a value, or with values that the way of choosing cells cannot use.
    case unusableAxis = "VPS233"
    case tooManyCells = "VPS234"
    case blockMissing = "VPS235"

    // Names, values and expressions.
    case unknownVariable = "VPS301"
    case unknownField = "VPS302"
    case noRecord = "VPS303"
    case unknownFunction = "VPS304"
    case wrongArgumentCount = "VPS305"
    case wrongOperand = "VPS306"
    case arithmetic = "VPS307"
    case noCondition = "VPS308"
    case noSequence = "VPS309"
    case wrongTupleSize = "VPS310"
    case parameterOutOfDomain = "VPS311"
    case unknownParameter = "VPS312"
    case tooLong = "VPS313"
    case wrongFormat = "VPS314"
    case badRange = "VPS315"
    case assertionFails = "VPS316"
    /// A name that one statement makes twice, or a parameter that a script declares twice.
    case namedTwice = "VPS317"

    // State and files.
    case missingState = "VPS401"
    case missingPath = "VPS402"
    case wrongPathKind = "VPS403"
    case unreadableInclude = "VPS404"
    case includeCycle = "VPS405"

    // Warnings: what runs, but hardly as it is meant.
    case unusedName = "VPS601"
    case hiddenName = "VPS602"
    case unreachable = "VPS603"
    case overridden = "VPS604"
    case identicalCells = "VPS605"
    case variableInText = "VPS606"

    // A handler asked for an argument that its command's declaration does not have in that form.
    case handlerMismatch = "VPS501"
}
