" Two blanks a level of braces, four where a statement goes on.
if exists('b:did_indent') | finish | endif
let b:did_indent = 1

setlocal indentexpr=VpsIndent(v:lnum) indentkeys=0},0],0),o,O,!^F
let b:undo_indent = 'setlocal indentexpr< indentkeys<'

if exists('*VpsIndent') | finish | endif

" The line without its comment and with nothing in its strings.
function! s:Code(number) abort
  let text = substitute(getline(a:number), '\v"%(\\.|[^"\\])*"', '""', 'g')
  return substitute(text, '\s*#.*$', '', '')
endfunction

" How many more of one bracket a text opens than it closes: -1, 0 or 1.
function! s:Opens(text, opener, closer) abort
  let opened = len(split(a:text, '\V' . a:opener, 1)) - len(split(a:text, '\V' . a:closer, 1))
  return opened > 0 ? 1 : opened < 0 ? -1 : 0
endfunction

function! VpsIndent(number) abort
  let previous = prevnonblank(a:number - 1)
  if previous == 0 | return 0 | endif
  " Brackets that close at the start of the line before have moved that line already.
  let code = substitute(s:Code(previous), '^\s*[])}]\+', '', '')
  let indent = indent(previous)
  let indent += s:Opens(code, '{', '}') * shiftwidth()
  let indent += (s:Opens(code, '[', ']') + s:Opens(code, '(', ')')) * 2 * shiftwidth()
  let continues = code =~# '\\\s*$'
  let continued = previous > 1 && s:Code(previous - 1) =~# '\\\s*$'
  let indent += (continues - continued) * 2 * shiftwidth()
  if getline(a:number) =~# '^\s*}'
    let indent -= shiftwidth()
  elseif getline(a:number) =~# '^\s*[])]'
    let indent -= 2 * shiftwidth()
  endif
  return max([indent, 0])
endfunction
