/** Where the command line speaks. */
export interface Io {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** stdout is a terminal that a person watches. */
  readonly interactive: boolean
  readonly color: boolean
  /** Columns of the terminal, when known. */
  readonly width?: number
  out(text: string): void
  err(text: string): void
}
