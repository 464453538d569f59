import CommandSchema

extension Catalog {
    /// The sets that do not ship with the program.
    private static let onDisk = ["cub200", "cars196", "sop", "inshop", "inat2018", "folder", "csv"]

    static let data = CommandDeclaration(
        name: "data", topic: .data,
        summary: "Choose the images to train and test on",
        discussion: """
            The classes of the test half never occur in training. `glyphs` ships with the program: kanji in 12 faces, \
            200 classes to train on and 200 others to test on.

            `folder` takes one folder of images (JPEG, PNG, WebP) a class. With `split=order` the first half of the class \
            folders, in alphabetical order, is for training; with `split=list` two files name the classes, one a line; \
            with `split=folders` the folder holds `train/` and `test/`.

            `cub200`, `cars196`, `sop`, `inshop` and `inat2018` are the benchmarks of the papers, in the split that papers use. \
            The form in which they lie in the folder is found by looking: the original distribution, or one folder a class; \
            when none fits, the message says what was looked for and where. Counts that differ from the published ones give \
            a warning. A path that ends in `.csv` is a table, as for `csv`. In-Shop's queries are searched for in its gallery.

            `csv` takes a table `path,label,split[,is_query,is_gallery]` with the splits `train`, `validation` and `test`. \
            Paths are relative to the table, or absolute.

            `validate` holds the last classes of the training half out, by their order: they are not trained on, and \
            `eval on=validation` measures on them. Choose settings there, never on the test half. `fold=2 folds=5` holds the \
            second fifth of the training classes out instead, so that a loop over `fold` holds each class out once. Both \
            depend on the order of the classes alone, not on the seed.

            `cache` keeps the crops that evaluation makes of the pictures in a folder, which several programs may share: entries are \
            found by path, size and times of the file and by the transform, so that a changed picture is read anew, and never \
            change a result. `decode=fast` does: by some grey levels a pixel.
            """,
        positionals: [
            OptionDeclaration(
                "set",
                .word([
                    WordChoice("glyphs", "kanji in 12 faces, 48 x 48"),
                    WordChoice("cub200", "CUB-200-2011: 100 classes of birds, and 100 to test on"),
                    WordChoice("cars196", "Cars-196: 98 models of cars, and 98 to test on"),
                    WordChoice("sop", "Stanford Online Products: 11,318 products, and 11,316 to test on"),
                    WordChoice("inshop", "In-Shop Clothes Retrieval: 3,997 items, and 3,985 with queries and gallery"),
                    WordChoice("inat2018", "iNaturalist 2018, split of Brown et al. 2020: 5,690 species, and 2,452 to test on"),
                    WordChoice("folder", "your own images, one folder a class"),
                    WordChoice("csv", "your own images, by a table"),
                ]), default: .required, "Which data set", good: "glyphs", bad: "glyfs")
        ],
        options: [
            .flag("distorted", variants: ["glyphs"], "Rotated, sheared and noisy pictures: the harder set"),
            OptionDeclaration(
                "path", .path(PathUse(.fileOrFolder)), default: .required, variants: onDisk, "The folder, or a table",
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
            .flag(
                "skip-bad", variants: onDisk,
                "Decode every file first; leave out those that are missing or not images, and count them, instead of stopping"),
            OptionDeclaration(
                "decode",
                .word([
                    WordChoice("exact", "whole, pixel for pixel what Pillow gives"),
                    WordChoice("fast", "2, 4 or 8 times smaller where the result has no more pixels"),
                ]), default: .value("exact"), variants: onDisk, "How JPEG files are decoded", good: "fast", bad: "quick"),
            OptionDeclaration(
                "cache", .path(PathUse(.store)), default: .absent("nothing is kept"), variants: onDisk,
                "Folder that keeps what evaluation makes of the pictures, for later passes and programs", good: "\"crops\"", bad: "12"),
            OptionDeclaration(
                "cache-limit", .size, range: .atLeast(1_048_576), default: .absent("16GiB"), variants: onDisk,
                "Most bytes in the folder of `cache`", good: "4GiB", bad: "1KiB"),
            OptionDeclaration(
                "validate", .number, range: .within(0.0..<1.0), default: .absent("none are held out"),
                "Share of the training classes held out for validation", good: "0.2", bad: "1",
                gives: [.validationHeldOut]),
            OptionDeclaration(
                "fold", .integer, range: .within(1.0...1000), default: .absent("none is held out"),
                "Which of `folds` parts of the training classes is held out for validation", good: "2", bad: "0",
                gives: [.validationHeldOut]),
            OptionDeclaration(
                "folds", .integer, range: .within(2.0...1000), default: .absent("only with fold"),
                "Parts of the training classes, equal but for 1", good: "5", bad: "1"),
        ],
        constraints: [
            .exclusive(["validate", "fold"]), .paired(["fold", "folds"]), .notAbove(smaller: "fold", larger: "folds"),
            .together(options: ["train-list", "test-list"], with: "split", value: "list"),
            .onlyWith(options: ["cache-limit"], other: "cache"),
        ],
        gives: [.dataLoaded], takes: [.validationHeldOut],
        properties: [.constant(.trainingClasses, variant: "glyphs", 200)],
        result: [
            FieldDeclaration("train-images", .integer, "Images to train on"),
            FieldDeclaration("train-classes", .integer, "Classes to train on"),
            FieldDeclaration("validation-images", .integer, "Images held out for validation"),
            FieldDeclaration("validation-classes", .integer, "Classes held out for validation"),
            FieldDeclaration("test-images", .integer, "Images to test on"),
            FieldDeclaration("test-classes", .integer, "Classes to test on"),
            FieldDeclaration("query-images", .integer, "Test images that ask: all of them, but for In-Shop and tables that say so"),
            FieldDeclaration("gallery-images", .integer, "Test images that are searched"),
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
            CommandExample(
                "A benchmark as it was downloaded", "data cub200 path=\"CUB_200_2011\" -> birds\nprint \"{$birds.train-classes} classes\"\n",
                files: [ExampleFile("CUB_200_2011", .benchmark)]),
            CommandExample(
                "A table", "data csv path=\"products.csv\" validate=0.2\n", files: [ExampleFile("products.csv", .imageTable)]),
            CommandExample(
                "Cross-validation on the training classes: the mean over folds",
                "load vit-nano\nlet sum = 0\nfor f in 1..4 {\n  data glyphs folds=4 fold=$f\n  eval on=validation -> result\n  let sum = $sum + $result.recall@1\n}\nprint \"R@1 {$sum / 4:.3}\"\n"),
        ])
}
