import type { Proxy as ApiProxy, Toxic as ApiToxic, ToxicType } from 'toxiproxy-node-client'
import { messageOf, Problem } from '../../../core/problem.ts'
import type { ToxicSpec } from '../../../core/world.ts'
import type { Toxic } from '../../../link/toxic.ts'
import { scaleAttributes } from './scale.ts'
import type { WireLink } from './server.ts'

/** A link that is one proxy of a Toxiproxy. */
export class ToxiproxyLink implements WireLink {
  readonly address: string
  readonly #proxy: ApiProxy
  readonly #kinds: ReadonlyMap<string, Toxic>
  readonly #timeScale: number
  readonly #toxics = new Map<string, ApiToxic<unknown>>()
  readonly #onRemoved: () => void
  #added = 0
  #enabled = true
  #removed: Promise<void> | undefined

  constructor(
    proxy: ApiProxy,
    kinds: ReadonlyMap<string, Toxic>,
    timeScale: number,
    onRemoved: () => void,
  ) {
    this.address = proxy.listen
    this.#proxy = proxy
    this.#kinds = kinds
    this.#timeScale = timeScale
    this.#onRemoved = onRemoved
  }

  async addToxic(name: string, { type, stream, toxicity, attributes }: ToxicSpec): Promise<void> {
    const kind = this.#kinds.get(type)
    if (!kind)
      throw new Problem(`expected a toxic of ${[...this.#kinds.keys()].join(', ')}; got '${type}'`)
    const toxic = await requested(
      `add the toxic ${type} to ${this.#proxy.name}`,
      this.#proxy.addToxic({
        // The client does not escape names in its paths: send a plain one.
        name: `${++this.#added}-${name.replace(/[^\w.-]/g, '-')}`,
        // The client's list of types is shorter than Toxiproxy's.
        type: type as ToxicType,
        stream,
        toxicity,
        attributes: scaleAttributes(kind, attributes, this.#timeScale),
      }),
    )
    this.#toxics.set(name, toxic)
  }

  async removeToxic(name: string): Promise<void> {
    const toxic = this.#toxics.get(name)
    if (!toxic) throw new Problem(`${this.#proxy.name} has no toxic '${name}' to remove`)
    this.#toxics.delete(name)
    await requested(`remove the toxic ${toxic.name} from ${this.#proxy.name}`, toxic.remove())
  }

  /** Disables the proxy for a moment: Toxiproxy has no other way to break connections. */
  async breakConnections(): Promise<void> {
    if (!this.#enabled) return
    await this.enable(false)
    await this.enable(true)
  }

  async enable(enabled: boolean): Promise<void> {
    this.#enabled = enabled
    const { listen, upstream, name } = this.#proxy
    await requested(
      `${enabled ? 'enable' : 'disable'} ${name}`,
      this.#proxy.update({ enabled, listen, upstream }),
    )
  }

  remove(): Promise<void> {
    this.#removed ??= requested(`remove ${this.#proxy.name}`, this.#proxy.remove()).then(
      this.#onRemoved,
    )
    return this.#removed
  }
}

/** Waits for the API's response. Throws a Problem that names the failed call. */
export async function requested<Answer>(what: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (cause) {
    throw new Problem(`Toxiproxy could not ${what}: ${messageOf(cause)}`, { cause })
  }
}
