/// A function of the language; VPSAnalysis computes it.
public struct BuiltinFunction: Sendable {
    public let name: String
    public let synopsis: String
    public let summary: String

    public static let all: [BuiltinFunction] = [
        BuiltinFunction(name: "log", synopsis: "log(x)", summary: "natural logarithm of a number above 0"),
        BuiltinFunction(name: "sqrt", synopsis: "sqrt(x)", summary: "square root of a number that is not negative"),
        BuiltinFunction(name: "round", synopsis: "round(x) round(x, digits)", summary: "nearest whole number, or to so many digits; halves away from 0"),
        BuiltinFunction(name: "min", synopsis: "min(list) min(a, b, …)", summary: "smallest number"),
        BuiltinFunction(name: "max", synopsis: "max(list) max(a, b, …)", summary: "largest number"),
        BuiltinFunction(name: "mean", synopsis: "mean(list) mean(a, b, …)", summary: "arithmetic mean"),
        BuiltinFunction(name: "std", synopsis: "std(list) std(a, b, …)", summary: "standard deviation of a sample, dividing by n - 1; two numbers or more"),
        BuiltinFunction(name: "len", synopsis: "len(list)", summary: "number of elements of a list or range, of characters of a text"),
        BuiltinFunction(name: "range", synopsis: "range(n) range(from, below) range(from, below, step)", summary: "list of whole numbers, the end left out"),
    ]
}
