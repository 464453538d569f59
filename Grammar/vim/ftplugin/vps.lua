-- Neovim: starts `vptsp lsp` for .vps scripts, once for all of a folder.
-- `vim.g.vptsp_command` names another program; `vim.g.vptsp_command = ""` starts none.
local command = vim.g.vptsp_command or "vptsp"
if command == "" or vim.fn.executable(command) == 0 then
  return
end

local file = vim.api.nvim_buf_get_name(0)
local config = {
  name = "vptsp",
  cmd = { command, "lsp" },
  root_dir = file ~= "" and vim.fn.fnamemodify(file, ":p:h") or vim.fn.getcwd(),
}

if vim.lsp.start then
  vim.lsp.start(config)
else -- Neovim 0.7
  vptsp_clients = vptsp_clients or {}
  local id = vptsp_clients[config.root_dir]
  if not id or not vim.lsp.get_client_by_id(id) then
    id = vim.lsp.start_client(config)
    vptsp_clients[config.root_dir] = id
  end
  if id then
    vim.lsp.buf_attach_client(0, id)
  end
end
