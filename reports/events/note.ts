/** The icon before a line of a note: an id of viewer/icons.tsx. */
export type Sign =
  | 'clock'
  | 'check'
  | 'failed'
  | 'disk'
  | 'cross'
  | 'play'
  | 'box'
  | 'pull'
  | 'gone'
export type Tone = 'tap' | 'good' | 'bad' | 'warn' | 'plain' | 'faint'

/** Text beside a lifeline of the diagram, or inside the server. */
export interface Note {
  readonly lines: readonly NoteLine[]
  readonly tone: Tone
  /** The device beside whose link the note is drawn: the failure of a request, and its cause. */
  readonly onLink?: string
}

export interface NoteLine {
  readonly text: string
  readonly sign?: Sign
}

export function oneLine(tone: Tone, text: string, sign?: Sign): Note {
  return { tone, lines: [{ text, ...(sign && { sign }) }] }
}
