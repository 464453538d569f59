import Diagnostics
import VPSSyntax

/// Branches that may not be taken, and loops that cannot all be gone through.
extension Analyzer {
    mutating func run(_ statement: IfStatement) {
        var outcome: ScriptFacts?
        var isDecided = false
        let wasCertain = isCertain
        for branch in statement.branches {
            guard !isDecided else {
                checkIdle(branch.body.statements, branch.condition)
                continue
            }
            let holds = condition(branch.condition, of: "if")
            if holds == false {
                checkIdle(branch.body.statements, nil)
                continue
            }
            let before = facts
            if holds == nil { isCertain = false }
            run(branch.body.statements)
            outcome = outcome.map { $0.joined(with: facts) } ?? facts
            facts = before
            isDecided = holds == true
        }
        if isDecided {
            checkIdle(statement.otherwise?.statements ?? [], nil)
        } else {
            run(statement.otherwise?.statements ?? [])
            outcome = outcome.map { $0.joined(with: facts) } ?? facts
        }
        isCertain = wasCertain
        if let outcome { facts = outcome }
    }

    /// A branch that is not taken: misspellings in it are mistakes all the same. Names keep no values there: what is
    /// written for another value than the one at hand is none.
    mutating func checkIdle(_ statements: [Statement], _ condition: Expression?) {
        guard !isExhausted else { return }
        let (before, wasIdle) = (facts, isIdle)
        isIdle = true
        if let condition { _ = evaluate(condition) }
        facts.scope.forgetValues()
        run(statements)
        isIdle = wasIdle
        facts = before
    }

    /// With the budget spent no turn is gone through by itself: nested loops would double the work at each level.
    mutating func run(_ loop: ForStatement) {
        report(Diagnostic.namedTwice(loop.names))
        let value = evaluate(loop.sequence)
        let sequence: LoopSequence
        do {
            sequence = try LoopSequence(value, at: loop.sequence.span)
        } catch {
            report([error])
            sequence = .unknown
        }
        let wasCertain = isCertain
        var turns = 0
        if let count = sequence.count {
            while turns < min(count, Self.longestUnrolling), !isExhausted, let element = sequence.element(turns) {
                bind(loop.names, to: element, from: loop.sequence.element(turns))
                run(loop.body.statements)
                turns += 1
            }
            if count == 0 {
                let before = facts
                bind(loop.names, to: .unknown(.anything))
                checkIdle(loop.body.statements, nil)
                facts = before
            }
            guard turns < count else { return }
        }
        // Once for all the turns that were not gone through.
        isCertain = false
        let before = facts
        bind(loop.names, to: .unknown(.anything))
        run(loop.body.statements)
        facts = before.joined(with: facts)
        isCertain = wasCertain
    }

    /// - Parameter expression: where the element is written.
    mutating func bind(_ names: [Name], to element: Value, from expression: Expression? = nil) {
        do {
            for (name, value) in zip(names, try LoopSequence.values(of: element, for: names, from: expression)) {
                facts.scope.set(name.text, to: value)
            }
        } catch {
            report([error])
            for name in names { facts.scope.set(name.text, to: .unknown(.anything)) }
        }
    }
}
