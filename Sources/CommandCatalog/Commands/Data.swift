import CommandSchema

extension Catalog {
    static let data = CommandDeclaration(
        name: "data", topic: .data,
        summary: "Choose the images to train and test on",
        discussion: """
            The classes of the test half never occur in training. `glyphs` ships with the program: kanji in 12 faces, \
            200 classes to train on and 200 others to test on.

            `folder` takes one folder of images (JPEG, PNG, WebP) a class. With `split=order` the first half of the class \
            folders, in alphabetical order, is for training; with `split=list` two files name the classes, one a line; \
            with `split=folders` the folder holds `train/` and `test/`.

            `validate` holds classes of the training half out: they are not trained on, and `eval on=validation` \
            measures on them. Choose settings there, never on the test half.
            """,
        positionals: [
            OptionDeclaration(
                "set",
                .word([
                    WordChoice("glyphs", "kanji in 12 faces, 48 x 48"),
                    WordChoice("folder", "your own images, one folder a class"),
                ]), default: .required, "Which data set", good: "glyphs", bad: "glyfs")
        ],
        options: [
            .flag("distorted", variants: ["glyphs"], "Rotated, sheared and noisy pictures: the harder set"),
            OptionDeclaration(
                "path", .path(PathUse(.folder)), default: .required, variants: ["folder"], "The folder",
                good: "\"birds\"", bad: "12"),
            OptionDeclaration(
                "split",
                .word([
                    WordChoice("order", "first half of the classes for training"),
                    WordChoice("list", "two files name the classes"),
                    WordChoice("folders", "`train/` and `test/` inside the folder"),
                ]), default: .value("order"), variants: ["folder"], "How the classes are divided", good: "order", bad: "half"),
            OptionDeclaration(
                "train-list", .path(PathUse(.file)), default: .absent("only with split=list"), variants: ["folder"],
                "File with the training classes, one a line", good: "\"train.txt\"", bad: "12"),
            OptionDeclaration(
                "test-list", .path(PathUse(.file)), default: .absent("only with split=list"), variants: ["folder"],
                "File with the test classes, one a line", good: "\"test.txt\"", bad: "12"),
            .flag("skip-bad", variants: ["folder"], "Leave out files that are not images, and count them, instead of stopping"),
            OptionDeclaration(
                "validate", .number, range: .within(0.0..<1.0), default: .absent("none are held out"),
                "Share of the training classes held out for validation", good: "0.2", bad: "1",
                gives: [.validationHeldOut]),
        ],
        constraints: [.together(options: ["train-list", "test-list"], with: "split", value: "list")],
        gives: [.dataLoaded], takes: [.validationHeldOut],
        properties: [.constant(.trainingClasses, variant: "glyphs", 200)],
        result: [
            FieldDeclaration("train-images", .integer, "Images to train on"),
            FieldDeclaration("train-classes", .integer, "Classes to train on"),
            FieldDeclaration("validation-images", .integer, "Images held out for validation"),
            FieldDeclaration("validation-classes", .integer, "Classes held out for validation"),
            FieldDeclaration("test-images", .integer, "Images to test on"),
            FieldDeclaration("test-classes", .integer, "Classes to test on"),
            FieldDeclaration("skipped", .integer, "Files left out by `skip-bad`"),
        ],
        examples: [
            CommandExample("The harder set that ships with the program", "data glyphs distorted validate=0.2 -> set\nprint \"{$set.train-images} images\"\n"),
            CommandExample(
                "Your own images", "data folder path=\"birds\" skip-bad\n", files: [ExampleFile("birds", .imageFolder)]),
            CommandExample(
                "Classes divided by two lists",
                "data folder path=\"birds\" split=list train-list=\"train.txt\" test-list=\"test.txt\"\n",
                files: [
                    ExampleFile("birds", .imageFolder), ExampleFile("train.txt", .firstClasses),
                    ExampleFile("test.txt", .secondClasses),
                ]),
            CommandExample(
                "Classes divided by folders", "data folder path=\"cars\" split=folders\n",
                files: [ExampleFile("cars", .splitImageFolder)]),
        ])
}
