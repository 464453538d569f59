/// An ONNX graph in the making: nodes in the order of their work, constants beside them.
///
///     var graph = ONNXGraph()
///     let scaled = graph.node("Mul", ["x", graph.constant("scale", [], [0.5])])
struct ONNXGraph {
    enum Attribute {
        case integer(Int)
        case integers([Int])
        case float(Float)
    }

    /// Extents of an input or output: a number, or a name for what is known only when the graph runs.
    enum Extent {
        case fixed(Int)
        case named(String)
    }

    private(set) var message = ProtobufMessage()
    private var nodes = 0
    private var constants: Set<String> = []

    // MARK: What it consists of

    /// - Parameter output: its name; nil makes one.
    /// - Returns: the name of its output.
    mutating func node(_ type: String, _ inputs: [String], _ attributes: [(String, Attribute)] = [], output: String? = nil) -> String {
        let name = output ?? "\(type.lowercased())_\(nodes)"
        add(type, inputs, [name], attributes)
        return name
    }

    /// A node with several outputs, named after the first.
    mutating func split(_ input: String, axis: Int, sizes: [Int]) -> [String] {
        let names = sizes.indices.map { "split_\(nodes)_\($0)" }
        let lengths = integers("sizes_" + sizes.map(String.init).joined(separator: "_"), sizes)
        add("Split", [input, lengths], names, [("axis", .integer(axis))])
        return names
    }

    /// f32, row-major; a name that is there already is that constant.
    mutating func constant(_ name: String, _ shape: [Int], _ values: @autoclosure () -> [Float]) -> String {
        guard constants.insert(name).inserted else { return name }
        var tensor = ProtobufMessage()
        for extent in shape { tensor.add(1, integer: extent) }
        tensor.add(2, integer: 1)
        tensor.add(8, text: name)
        tensor.add(9, raw: values())
        message.add(5, message: tensor)
        return name
    }

    /// int64, one axis.
    mutating func integers(_ name: String, _ values: [Int]) -> String {
        guard constants.insert(name).inserted else { return name }
        var tensor = ProtobufMessage()
        tensor.add(1, integer: values.count)
        tensor.add(2, integer: 7)
        tensor.add(8, text: name)
        tensor.add(9, bytes: values.flatMap { withUnsafeBytes(of: Int64($0).littleEndian, Array.init) })
        message.add(5, message: tensor)
        return name
    }

    mutating func input(_ name: String, _ shape: [Extent]) { message.add(11, message: Self.description(name, shape)) }
    mutating func output(_ name: String, _ shape: [Extent]) { message.add(12, message: Self.description(name, shape)) }

    // MARK: Usual combinations

    /// Axes that keep their extent are 0.
    mutating func reshape(_ x: String, _ shape: [Int]) -> String {
        node("Reshape", [x, integers("shape_" + shape.map(String.init).joined(separator: "_"), shape)])
    }

    mutating func transpose(_ x: String, _ order: [Int]) -> String { node("Transpose", [x], [("perm", .integers(order))]) }

    /// Rows of zeros before and after axis 1 of three.
    mutating func pad(_ x: String, before: Int, after: Int) -> String {
        node("Pad", [x, integers("pads_\(before)_\(after)", [0, before, 0, 0, after, 0])])
    }

    /// The first rows of an axis.
    mutating func first(_ count: Int, of x: String, axis: Int) -> String {
        node("Slice", [x, integers("from_0", [0]), integers("to_\(count)", [count]), integers("axis_\(axis)", [axis])])
    }

    mutating func scaled(_ x: String, by factor: Float, named name: String) -> String { node("Mul", [x, constant(name, [], [factor])]) }

    private mutating func add(_ type: String, _ inputs: [String], _ outputs: [String], _ attributes: [(String, Attribute)]) {
        var node = ProtobufMessage()
        for name in inputs { node.add(1, text: name) }
        for name in outputs { node.add(2, text: name) }
        node.add(3, text: "\(type)_\(nodes)")
        node.add(4, text: type)
        for (name, value) in attributes { node.add(5, message: Self.attribute(name, value)) }
        message.add(1, message: node)
        nodes += 1
    }

    private static func attribute(_ name: String, _ value: Attribute) -> ProtobufMessage {
        var attribute = ProtobufMessage()
        attribute.add(1, text: name)
        switch value {
        case .float(let value):
            attribute.add(2, float: value)
            attribute.add(20, integer: 1)
        case .integer(let value):
            attribute.add(3, integer: value)
            attribute.add(20, integer: 2)
        case .integers(let values):
            for value in values { attribute.add(8, integer: value) }
            attribute.add(20, integer: 7)
        }
        return attribute
    }

    private static func description(_ name: String, _ shape: [Extent]) -> ProtobufMessage {
        var extents = ProtobufMessage()
        for extent in shape {
            var dimension = ProtobufMessage()
            switch extent {
            case .fixed(let number): dimension.add(1, integer: number)
            case .named(let name): dimension.add(2, text: name)
            }
            extents.add(1, message: dimension)
        }
        var tensor = ProtobufMessage()
        tensor.add(1, integer: 1)
        tensor.add(2, message: extents)
        var type = ProtobufMessage()
        type.add(1, message: tensor)
        var description = ProtobufMessage()
        description.add(1, text: name)
        description.add(2, message: type)
        return description
    }
}

extension ONNXGraph {
    /// The graph as a model of operator set 17, the first with LayerNormalization.
    func model(named name: String, documentation: String, metadata: [(String, String)]) -> ProtobufMessage {
        var graph = message
        graph.add(2, text: name)
        graph.add(10, text: documentation)
        var operators = ProtobufMessage()
        operators.add(1, text: "")
        operators.add(2, integer: 17)
        var model = ProtobufMessage()
        model.add(1, integer: 8)
        model.add(2, text: "vptsp")
        model.add(8, message: operators)
        model.add(7, message: graph)
        for (key, value) in metadata {
            var entry = ProtobufMessage()
            entry.add(1, text: key)
            entry.add(2, text: value)
            model.add(14, message: entry)
        }
        return model
    }
}
