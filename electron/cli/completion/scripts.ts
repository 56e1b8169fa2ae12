/** Shells that completion can be set up for. */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const
/** One of them. */
export type Shell = (typeof shells)[number]

/** The word that asks this program for candidates; scripts in use keep it. */
export const COMPLETE = '__complete'

/** What a shell reads to complete the command line of `shoal`: each asks the program itself, so that the scripts never age. */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `# Completion of shoal for bash. For this shell: source <(shoal completion bash)
_shoal() {
  local IFS=$'\\n'
  COMPREPLY=($(shoal ${COMPLETE} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _shoal shoal
`,
  zsh: `#compdef shoal
# Completion of shoal for zsh. For this shell: source <(shoal completion zsh)
_shoal() {
  local -a found
  found=(\${(f)"$(shoal ${COMPLETE} "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then compadd -a found; else _files; fi
}
compdef _shoal shoal
`,
  fish: `# Completion of shoal for fish. For this shell: shoal completion fish | source
complete -c shoal -a '(shoal ${COMPLETE} (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
  powershell: `# Completion of shoal for PowerShell. For this shell: shoal completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName shoal -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($wordToComplete -eq '') { $words += '' }
  shoal ${COMPLETE} @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`,
}
