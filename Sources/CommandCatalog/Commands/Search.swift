import CommandSchema

extension Catalog {
    static let search = CommandDeclaration(
        name: "search", topic: .evaluation,
        summary: "Find the images nearest to one",
        discussion: """
            Compares embeddings by cosine, those of `loss hyperbolic` by their distance. `output` writes a picture: the image asked for, then those found.

            With `index` the search is in a file that `index` wrote, by its graph where it has one; `exact` looks at every row instead. \
            A file of embeddings (`.npy`, `.safetensors`) in the place of the image asks for each of its rows; `output` then writes the \
            rows that were found, an int64 `.npy` array (queries, k).
            """,
        positionals: [
            OptionDeclaration(
                "image", .path(PathUse(.file)), default: .required, "The image asked for, or a file of embeddings", good: "\"bird.png\"", bad: "12")
        ],
        options: [
            OptionDeclaration(
                "k", .integer, unit: "images", range: .within(1.0...1000), default: .value("5"), "How many to find", good: "5",
                bad: "0"),
            OptionDeclaration(
                "output", .path(PathUse(.output, suffixes: [".png", ".npy"])), default: .absent("no file"),
                "Picture of the row, or for embeddings the rows found", good: "\"row.png\"", bad: "\"row.txt\""),
            half("Where to look"),
            OptionDeclaration(
                "index", .path(PathUse(.file, suffixes: [".safetensors", ".npy"])), default: .absent("the data set"), "A file to look in", good: "\"gallery.safetensors\"",
                bad: "12"),
            OptionDeclaration(
                "ef", .integer, unit: "rows", range: .within(1.0...1_000_000), default: .value("64"), "Candidates that a search in the graph keeps: more finds more, slower",
                good: "200", bad: "0"),
            .flag("exact", "Every row of the index, although it has a graph"),
        ],
        constraints: [.exclusive(["index", "on"]), .exclusive(["ef", "exact"]), .onlyWith(options: ["ef", "exact"], other: "index")],
        needs: [StateNeed(.modelLoaded, unlessGiven: "index"), StateNeed(.dataLoaded, unlessGiven: "index")],
        result: [
            FieldDeclaration("nearest", .text, "The nearest image"),
            FieldDeclaration("class", .text, "Its class"),
            FieldDeclaration("similarity", .number, "Its cosine, -1 to 1, or minus the hyperbolic distance"),
            FieldDeclaration("images", .texts, "Those found, nearest first"),
            FieldDeclaration("rate", .number, presence: .possible(option: "index"), "For a file of embeddings: queries a second"),
        ],
        examples: [
            CommandExample(
                "Five images and a picture of them",
                "load vit-nano\ndata glyphs\nhead none\nsearch \"bird.png\" k=5 output=\"row.png\" -> found\nprint $found.images\n",
                files: [ExampleFile("bird.png", .image)])
        ])
}
