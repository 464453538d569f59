/// Grammar/vim/syntax/vps.vim, for Vim and Neovim.
enum VimSyntax {
    static func file() -> GeneratedFile {
        GeneratedFile(path: "Grammar/vim/syntax/vps.vim", text: text)
    }

    /// For a very magic pattern (`\v`), in which `@` and `.` mean something.
    private static func alternation(_ words: [String]) -> String {
        words.map { word in word.map { $0 == "@" || $0 == "." ? "\\\($0)" : String($0) }.joined() }.joined(separator: "|")
    }

    private static let start = #"%(%(^|[;{}])\s*)@<="#
    private static let wordStart = #"%([[:alnum:]_$@.-])@<!"#
    private static let wordEnd = #"%([[:alnum:]_]|[-.@][[:alnum:]_])@!"#
    private static let name = #"[[:alpha:]_]%([[:alnum:]_]|-[[:alpha:]_]@=)*"#
    private static let field = #"[[:alpha:]_]%([[:alnum:]_]|-[[:alpha:]_]@=|\@[[:alnum:]_]@=)*"#
    private static let word = #"[[:alpha:]_]%([[:alnum:]_]|[-.@][[:alnum:]_]@=)*"#

    // Of the items that match at one place Vim takes the one defined last.
    private static let text = #"""
        " Vim syntax of .vps scripts.
        " Written by generate-vptsp from the catalog. Change VimSyntax.swift or a declaration, not this file.
        if exists('b:current_syntax') | finish | endif
        let s:cpo = &cpo
        set cpo&vim

        syntax match vpsOperator /\v\=\=|!\=|\<\=|\>\=|\.\.|[-+*/%^<>]/
        syntax match vpsContinuation /\v\\\s*$/
        syntax match vpsWord /\v\#(word)/
        syntax match vpsChoice /\v\#(wordStart)%(\#(alternation(GrammarWords.choices)))\#(wordEnd)/
        syntax match vpsWordOperator /\v\#(wordStart)%(\#(alternation(GrammarWords.operators)))\#(wordEnd)/
        syntax match vpsBoolean /\v\#(wordStart)%(\#(alternation(GrammarWords.constants)))\#(wordEnd)/
        syntax match vpsFunction /\v\#(wordStart)%(\#(alternation(GrammarWords.functions)))\(@=/
        syntax match vpsNumber /\v%([[:alnum:]_$@])@<!\d[0-9_]*%(\.\d[0-9_]*)?%([eE][-+]?\d+)?%(\#(alternation(GrammarWords.units)))?[[:alnum:]_]@!/
        syntax match vpsParameter /\v\#(wordStart)\#(word)%(\s*\=\=@!)@=/
        syntax match vpsOption /\v\#(wordStart)%(\#(alternation(GrammarWords.options)))%(\s*\=\=@!)@=/
        syntax match vpsVariable /\v\$\#(name)/ nextgroup=vpsField
        syntax match vpsField /\v%(\.\#(field))+/ contained
        syntax match vpsCall /\v\#(start)\#(word)/
        syntax match vpsCommand /\v\#(start)%(\#(alternation(GrammarWords.commands)))\#(wordEnd)/
        syntax match vpsKeyword /\v\#(start)%(\#(alternation(GrammarWords.statements)))\#(wordEnd)/ nextgroup=vpsName skipwhite
        syntax match vpsName /\v%(%(^|[;{}])\s*%(let|param|for|vary|def)\s+)@<=\#(name)%(\s*,\s*\#(name))*/ contained
        syntax match vpsResult /\v%(-\>\s*)@<=\#(name)/
        syntax match vpsArrow /->/ nextgroup=vpsResult skipwhite
        syntax cluster vpsExpression contains=vpsOperator,vpsWord,vpsChoice,vpsWordOperator,vpsBoolean,vpsFunction,vpsNumber,vpsVariable,vpsString

        syntax region vpsString start=/"/ skip=/\\./ end=/"/ contains=vpsEscape,vpsBadEscape,vpsInterpolation
        syntax match vpsBadEscape /\\./ contained
        syntax match vpsEscape /\v\\%([ntr"\\{}]|u\{\x{1,8}\})/ contained
        syntax region vpsInterpolation matchgroup=vpsBrace start=/{/ end=/}/ oneline contained contains=@vpsExpression,vpsFormat
        syntax match vpsFormat /\v:[<>]?\d{,3}%(\.\d{1,2})?[e%]?\}@=/ contained
        syntax match vpsComment /#.*$/ contains=vpsTodo,@Spell
        syntax keyword vpsTodo TODO FIXME XXX contained

        highlight default link vpsComment Comment
        highlight default link vpsTodo Todo
        highlight default link vpsKeyword Keyword
        highlight default link vpsCommand Statement
        highlight default link vpsCall Function
        highlight default link vpsOption Type
        highlight default link vpsParameter Type
        highlight default link vpsName Identifier
        highlight default link vpsResult Identifier
        highlight default link vpsArrow Operator
        highlight default link vpsVariable Identifier
        highlight default link vpsField Identifier
        highlight default link vpsChoice Constant
        highlight default link vpsBoolean Boolean
        highlight default link vpsNumber Number
        highlight default link vpsFunction Function
        highlight default link vpsOperator Operator
        highlight default link vpsWordOperator Operator
        highlight default link vpsContinuation Special
        highlight default link vpsString String
        highlight default link vpsEscape SpecialChar
        highlight default link vpsBadEscape Error
        highlight default link vpsBrace Delimiter
        highlight default link vpsFormat SpecialChar

        syntax sync minlines=200
        let b:current_syntax = 'vps'
        let &cpo = s:cpo
        unlet s:cpo

        """#
}
