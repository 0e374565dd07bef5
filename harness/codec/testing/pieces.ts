import fc from 'fast-check'
import { latin1, latin1Bytes } from '../bytes.ts'

/** Any places at which bytes may be cut. */
export const anyCuts = fc.array(fc.nat(2000), { maxLength: 10 })

/** Cuts bytes at these places. */
export function inPieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const inside = cuts.map((cut) => cut % (bytes.length + 1))
  const places = [0, ...inside.sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((place, i) => bytes.subarray(places[i], place))
}

/** Collects bytes as a text. */
export class Collected {
  #text = ''

  readonly add = (bytes: Uint8Array): void => {
    this.#text += latin1(bytes)
  }

  get text(): string {
    return this.#text
  }
}

/** Returns the bytes of lines that end as HTTP's do. */
export const httpBytes = (...lines: readonly string[]): Uint8Array =>
  latin1Bytes(lines.join('\r\n'))
