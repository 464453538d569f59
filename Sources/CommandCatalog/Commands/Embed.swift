import CommandSchema

extension Catalog {
    static let embed = CommandDeclaration(
        name: "embed", topic: .files,
        summary: "Write the embeddings of images to a file",
        discussion: """
            One row an image. A `.safetensors` file holds `embeddings` (images x dim) and, for images of the data set, \
            `labels`, with the names in its metadata; a `.npy` file the embeddings alone.
            """,
        positionals: [
            OptionDeclaration(
                "file", .path(PathUse(.output, suffixes: [".safetensors", ".npy"])), default: .required, "The file to write",
                good: "\"test.safetensors\"", bad: "\"test.csv\"")
        ],
        options: [
            half("Which half of the data set"),
            OptionDeclaration(
                "images", .path(PathUse(.fileOrFolder)), default: .absent("images of the data set"),
                "An image, or a folder of images, instead of the data set", good: "\"birds\"", bad: "12"),
        ],
        constraints: [.exclusive(["on", "images"])],
        needs: [StateNeed(.modelLoaded), StateNeed(.dataLoaded, unlessGiven: "images")],
        result: [
            FieldDeclaration("images", .integer, "Rows written"),
            FieldDeclaration("dim", .integer, "Width of the embedding"),
            FieldDeclaration("file", .text, "The file"),
        ],
        examples: [
            CommandExample("The test half", "load vit-nano\ndata glyphs\nhead none\nembed \"test.safetensors\"\n"),
            CommandExample(
                "A folder of images", "load vit-nano\nhead none\nembed \"birds.npy\" images=\"birds\"\n",
                files: [ExampleFile("birds", .imageFolder)]),
        ])
}
