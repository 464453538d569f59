import CommandSchema

extension Catalog {
    static let search = CommandDeclaration(
        name: "search", topic: .evaluation,
        summary: "Find the images nearest to one",
        discussion: "Compares embeddings by cosine, those of `loss hyperbolic` by their distance. `output` writes a picture: the image asked for, then those found.",
        positionals: [
            OptionDeclaration(
                "image", .path(PathUse(.file)), default: .required, "The image asked for", good: "\"bird.png\"", bad: "12")
        ],
        options: [
            OptionDeclaration(
                "k", .integer, unit: "images", range: .within(1.0...1000), default: .value("5"), "How many to find", good: "5",
                bad: "0"),
            OptionDeclaration(
                "output", .path(PathUse(.output, suffixes: [".png"])), default: .absent("no picture"),
                "Picture of the row", good: "\"row.png\"", bad: "\"row.txt\""),
            half("Where to look"),
        ],
        needs: [StateNeed(.modelLoaded), StateNeed(.dataLoaded)],
        result: [
            FieldDeclaration("nearest", .text, "The nearest image"),
            FieldDeclaration("class", .text, "Its class"),
            FieldDeclaration("similarity", .number, "Its cosine, -1 to 1, or minus the hyperbolic distance"),
            FieldDeclaration("images", .texts, "Those found, nearest first"),
        ],
        examples: [
            CommandExample(
                "Five images and a picture of them",
                "load vit-nano\ndata glyphs\nhead none\nsearch \"bird.png\" k=5 output=\"row.png\" -> found\nprint $found.images\n",
                files: [ExampleFile("bird.png", .image)])
        ])
}
