/** The process around a command line: its folder, environment and outputs. */
export interface Io {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** True if stdout is a terminal, so that a live display can be shown. */
  readonly interactive: boolean
  readonly color: boolean
  /** The columns of the terminal, if known. */
  readonly width?: number
  out(text: string): void
  err(text: string): void
}
