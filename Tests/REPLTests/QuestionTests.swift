import REPL
import Testing

struct QuestionTests {
    @Test func questionMarkIsHelp() {
        #expect(Question.statement("?proxies.alpha") == "help proxies.alpha")
        #expect(Question.statement("?") == "help ")
        #expect(Question.statement("print \"?\"") == "print \"?\"")
    }
}
