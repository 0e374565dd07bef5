/** The surroundings of a command line: its folder, its environment, its outputs. */
export interface Io {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** True if stdout is a terminal that a person watches. */
  readonly interactive: boolean
  readonly color: boolean
  /** The columns of the terminal, if known. */
  readonly width?: number
  out(text: string): void
  err(text: string): void
}
