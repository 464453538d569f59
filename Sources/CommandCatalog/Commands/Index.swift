import CommandSchema

extension Catalog {
    static let galleryIndex = CommandDeclaration(
        name: "index", topic: .files,
        summary: "Write an index for searches in very many images",
        discussion: """
            Rows of length 1 with the images' names, and a neighbour graph (HNSW, Malkov and Yashunin 2018, of hnswlib) by which `search` \
            looks at a few thousand of a million rows. `kind=exact` writes the rows alone. One thread builds the graph, so that the same \
            rows give the same bytes. `from` takes a folder of images, or embeddings that are there already: an `.npy` file, or the \
            `.safetensors` of `embed`. Docs/search.md says how it is measured.
            """,
        positionals: [
            OptionDeclaration(
                "file", .path(PathUse(.output, suffixes: [".safetensors"])), default: .required, "The file to write", good: "\"gallery.safetensors\"", bad: "\"gallery.bin\"")
        ],
        options: [
            OptionDeclaration(
                "from", .path(PathUse(.fileOrFolder)), default: .absent("images of the data set"),
                "An image, a folder of images, or a file of embeddings, instead of the data set", good: "\"birds\"", bad: "12"),
            half("Which half of the data set"),
            OptionDeclaration(
                "kind", .word([WordChoice("hnsw", "with a neighbour graph"), WordChoice("exact", "rows alone")]), default: .value("hnsw"), "What to write",
                good: "exact", bad: "ivf"),
            OptionDeclaration(
                "m", .integer, unit: "links", range: .within(2.0...256), default: .value("16"), "Most links of a row at each level but the lowest, which has twice as many",
                good: "32", bad: "1"),
            OptionDeclaration(
                "ef-construction", .integer, unit: "rows", range: .within(4.0...10_000), default: .value("100"), "Candidates that an insertion looks at", good: "200", bad: "1"),
        ],
        constraints: [.exclusive(["on", "from"]), .belong(options: ["m", "ef-construction"], to: "kind", value: "hnsw")],
        needs: [StateNeed(.modelLoaded, unlessGiven: "from"), StateNeed(.dataLoaded, unlessGiven: "from")],
        result: [
            FieldDeclaration("images", .integer, "Rows written"), FieldDeclaration("dim", .integer, "Width of the embedding"),
            FieldDeclaration("minutes", .number, unit: "min", "Time the graph took"), FieldDeclaration("file", .text, "The file"),
        ],
        examples: [
            CommandExample(
                "A folder of images, and a search in it",
                "load vit-nano\nhead none\nindex \"gallery.safetensors\" from=\"birds\"\nsearch \"bird.png\" index=\"gallery.safetensors\" k=3 output=\"row.png\"\n",
                files: [ExampleFile("birds", .imageFolder), ExampleFile("bird.png", .image)]),
            CommandExample(
                "Embeddings that are there already",
                "load vit-nano\nhead none\nembed \"birds.npy\" images=\"birds\"\nindex \"gallery.safetensors\" from=\"birds.npy\" m=8 ef-construction=50\nsearch \"birds.npy\" index=\"gallery.safetensors\" ef=32 k=4 output=\"found.npy\"\n",
                files: [ExampleFile("birds", .imageFolder)]),
        ])
}
