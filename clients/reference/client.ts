import type { Action } from '../../harness/core/action.ts'
import type { Client, ClientPorts, Identity, Performed, View } from '../../harness/core/client.ts'
import type { Timer } from '../../harness/core/ports/clock.ts'
import { messageOf } from '../../harness/core/problem.ts'
import { DEVICE_HEADER, USER_HEADER } from '../../harness/core/server.ts'
import { Device } from './device.ts'
import { Lane } from './lane.ts'
import { Ledger, type Unit } from './ledger.ts'
import { Pull } from './pull.ts'
import { Push } from './push.ts'
import { SCHEMA } from './schema.ts'
import { SETTINGS } from './settings.ts'
import { viewOf } from './view.ts'
import { cancel, type Refusal, write } from './write.ts'

/** Wires the tables to the two lanes. It holds nothing that matters: a new one on the same database goes on where the last one was killed. */
export class ReferenceClient implements Client {
  readonly #ports: ClientPorts
  readonly #device: Device
  readonly #ledger: Ledger
  readonly #push: Lane
  readonly #pull: Lane
  #poll: Timer | undefined
  #unsubscribe: (() => void) | undefined
  /** The last look for news got an answer, in this life. */
  #fresh = false

  constructor(ports: ClientPorts, identity: Identity) {
    const { clock, random, http, connectivity, recorder, database } = ports
    this.#ports = ports
    this.#device = new Device(clock, random, identity)
    this.#ledger = new Ledger(database(SCHEMA), recorder)
    const headers = { [DEVICE_HEADER]: identity.device, [USER_HEADER]: identity.user }
    const setup = { ledger: this.#ledger, device: this.#device, clock, http, headers }
    const [push, pull] = [new Push(setup), new Pull(setup)]
    const lane = { clock, random, connectivity, backoff: SETTINGS.backoff }
    this.#push = new Lane({ ...lane, attempt: (abort) => push.attempt(abort) })
    this.#pull = new Lane({
      ...lane,
      attempt: async (abort) => {
        const outcome = await pull.attempt(abort)
        this.#setFresh(outcome.type === 'done')
        return outcome
      },
    })
  }

  start(): void {
    this.#unsubscribe = this.#ports.connectivity.onChange(({ online }) => {
      // Any change that leaves it online means another network than the one the requests under way left on.
      if (!online) return
      this.#push.renew()
      this.#pull.renew()
      this.#push.ask()
      this.#pull.ask()
    })
    this.#push.ask()
    this.#pull.ask()
    this.#pollLater()
  }

  stop(): void {
    this.#unsubscribe?.()
    this.#poll?.cancel()
    this.#push.stop()
    this.#pull.stop()
  }

  perform(action: Action): Performed {
    if (action.type === 'refresh') {
      this.#push.insist()
      this.#pull.insist()
      // Nothing to save, so nothing is claimed.
      return { saved: Promise.resolve({ durable: false }) }
    }
    let refused: Refusal
    try {
      refused = this.#ledger.commit((unit) => this.#carryOut(unit, action))
    } catch (cause) {
      refused = `could not be saved: ${messageOf(cause)}`
    }
    if (refused !== undefined) return { saved: Promise.resolve({ refused }) }
    const settled = this.#ledger.settlement(action.op)
    this.#ledger.screen()
    this.#push.ask()
    return { saved: Promise.resolve({ durable: true }), settled }
  }

  view(): View {
    return this.#ledger.read((books) => viewOf(books, this.#fresh))
  }

  #carryOut(unit: Unit, action: Exclude<Action, { type: 'refresh' }>): Refusal {
    return action.type === 'cancel'
      ? cancel(unit, this.#device, action)
      : write(unit, this.#device, action)
  }

  #pollLater(): void {
    // A little early and never at the same beat as others.
    const wait = SETTINGS.poll * (0.8 + 0.2 * this.#ports.random.next())
    this.#poll = this.#ports.clock.after(wait, () => {
      this.#pull.ask()
      this.#push.ask()
      this.#pollLater()
    })
  }

  #setFresh(fresh: boolean): void {
    if (this.#fresh === fresh) return
    this.#fresh = fresh
    this.#ledger.screen()
  }
}
