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

function! s:Opens(text) abort
  return len(substitute(a:text, '[^{([]', '', 'g')) - len(substitute(a:text, '[^])}]', '', 'g'))
endfunction

function! VpsIndent(number) abort
  let previous = prevnonblank(a:number - 1)
  if previous == 0 | return 0 | endif
  let code = s:Code(previous)
  let indent = indent(previous)
  let leading = s:Opens(matchstr(code, '^\s*\zs[])}]\+'))
  let opened = s:Opens(code) - leading
  if opened > 0
    let indent += code =~# '{\s*$' ? shiftwidth() : 2 * shiftwidth()
  elseif opened < 0
    let indent -= shiftwidth()
  endif
  let continues = code =~# '\\\s*$'
  let continued = previous > 1 && s:Code(previous - 1) =~# '\\\s*$'
  if continues && !continued
    let indent += 2 * shiftwidth()
  elseif continued && !continues
    let indent -= 2 * shiftwidth()
  endif
  if getline(a:number) =~# '^\s*[])}]'
    let indent -= s:Code(previous) =~# '[([]\s*$' ? 2 * shiftwidth() : shiftwidth()
  endif
  return max([indent, 0])
endfunction
