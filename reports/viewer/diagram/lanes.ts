/** Where everything stands, in SVG units: a column of time, then devices around the server, each with its link between. */
export interface DeviceLane {
  readonly name: string
  readonly side: 'left' | 'right'
  /** Where its lifeline stands. */
  readonly line: number
  /** The column beside the lifeline in which what happens on the device is told. */
  readonly column: readonly [from: number, to: number]
  readonly link: readonly [from: number, to: number]
  /** The side of the server that its messages reach. */
  readonly edge: number
}

export interface Lanes {
  readonly width: number
  readonly devices: ReadonlyMap<string, DeviceLane>
  readonly server: readonly [from: number, to: number]
  /** Where the lanes begin, right of the moments. */
  readonly left: number
}

const [TIME, COLUMN, SPAN, LINK, SERVER] = [90, 188, 200, 60, 182]

/** Even devices left of the server, odd ones right of it: two people talk across it. */
export function lanesOf(names: readonly string[]): Lanes {
  const [lefts, rights] = [names.filter((_, i) => i % 2 === 0), names.filter((_, i) => i % 2 === 1)]
  const block = COLUMN + SPAN
  const server: [number, number] = [
    TIME + lefts.length * block,
    TIME + lefts.length * block + SERVER,
  ]
  const devices = new Map<string, DeviceLane>()
  for (const name of names) {
    const left = lefts.indexOf(name)
    const side = left >= 0 ? 'left' : 'right'
    // The first named stand outermost.
    const line =
      side === 'left'
        ? TIME + left * block + COLUMN
        : server[1] + (rights.length - 1 - rights.indexOf(name)) * block + SPAN
    const middle = side === 'left' ? line + SPAN / 2 : line - SPAN / 2
    devices.set(name, {
      name,
      side,
      line,
      column: side === 'left' ? [line - COLUMN + 6, line - 12] : [line + 12, line + COLUMN - 6],
      link: [middle - LINK / 2, middle + LINK / 2],
      edge: side === 'left' ? server[0] : server[1],
    })
  }
  return {
    width: server[1] + rights.length * block + (rights.length === 0 ? 12 : 0),
    devices,
    server,
    left: TIME,
  }
}

export const middleOf = ([from, to]: readonly [number, number]) => (from + to) / 2
