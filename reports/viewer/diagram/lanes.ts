/**
 * The columns of the diagram, in SVG units from the left: the moments, then the devices on both
 * sides of the server, each with its link towards it.
 *
 * @module
 */

export interface DeviceLane {
  readonly name: string
  readonly side: 'left' | 'right'
  /** The x of the lifeline. */
  readonly line: number
  /** The column beside the lifeline for the notes of the device. */
  readonly column: readonly [from: number, to: number]
  readonly link: readonly [from: number, to: number]
  /** The side of the server that the device's requests reach. */
  readonly edge: number
}

export interface Lanes {
  readonly width: number
  readonly devices: ReadonlyMap<string, DeviceLane>
  readonly server: readonly [from: number, to: number]
  /** The right end of the moments. */
  readonly left: number
}

const MOMENTS_WIDTH = 90
const NOTES_WIDTH = 188
const LIFELINE_TO_SERVER = 200
const LINK_WIDTH = 60
const SERVER_WIDTH = 182
const DEVICE_WIDTH = NOTES_WIDTH + LIFELINE_TO_SERVER

/** Devices alternate: the first left of the server, the second right. So two face each other. */
export function lanesOf(names: readonly string[]): Lanes {
  const leftCount = Math.ceil(names.length / 2)
  const rightCount = names.length - leftCount
  const serverFrom = MOMENTS_WIDTH + leftCount * DEVICE_WIDTH
  const serverTo = serverFrom + SERVER_WIDTH
  const lanes = names.map((name, i) => {
    // On each side the first named is farthest from the server.
    const place = Math.floor(i / 2)
    return i % 2 === 0
      ? leftLane(name, MOMENTS_WIDTH + place * DEVICE_WIDTH + NOTES_WIDTH, serverFrom)
      : rightLane(
          name,
          serverTo + (rightCount - 1 - place) * DEVICE_WIDTH + LIFELINE_TO_SERVER,
          serverTo,
        )
  })
  return {
    width: serverTo + rightCount * DEVICE_WIDTH + (rightCount === 0 ? 12 : 0),
    devices: new Map(lanes.map((lane) => [lane.name, lane])),
    server: [serverFrom, serverTo],
    left: MOMENTS_WIDTH,
  }
}

function leftLane(name: string, line: number, edge: number): DeviceLane {
  const column = [line - NOTES_WIDTH + 6, line - 12] as const
  return { name, side: 'left', line, column, link: linkAround(line + LIFELINE_TO_SERVER / 2), edge }
}

function rightLane(name: string, line: number, edge: number): DeviceLane {
  const column = [line + 12, line + NOTES_WIDTH - 6] as const
  return {
    name,
    side: 'right',
    line,
    column,
    link: linkAround(line - LIFELINE_TO_SERVER / 2),
    edge,
  }
}

function linkAround(middle: number): readonly [from: number, to: number] {
  return [middle - LINK_WIDTH / 2, middle + LINK_WIDTH / 2]
}

export const middleOf = ([from, to]: readonly [number, number]) => (from + to) / 2
