/** Anchors of events within one section. */
export interface Links {
  readonly section: string
  /** Returns the anchor of the event with this `seq`. */
  id(seq: number): string
  /** Returns a link to the event; undefined if the diagram does not show it. */
  to(seq: number): string | undefined
}

export function linksOf(section: string, shown: ReadonlySet<number>): Links {
  const id = (seq: number) => `${section}-e${seq}`
  return { section, id, to: (seq) => (shown.has(seq) ? `#${id(seq)}` : undefined) }
}
