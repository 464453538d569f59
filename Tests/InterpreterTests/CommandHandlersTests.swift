import CommandCatalog
import Interpreter
import Testing

struct CommandHandlersTests {
    @Test func everyDeclarationHasExactlyOneHandler() {
        #expect(CommandHandlers.all.map { type(of: $0).name }.sorted() == Catalog.commands.map(\.name).sorted())
    }
}
