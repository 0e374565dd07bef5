import type { Action } from '../../core/action.ts'
import type {
  Client,
  ClientDefinition,
  ClientPorts,
  Identity,
  Performed,
  Saved,
  Settled,
  View,
} from '../../core/client.ts'
import { messageOf } from '../../core/problem.ts'
import { makeGlobals } from '../globals/index.ts'
import type { AboutGuest, Guest, GuestClient, Screen } from '../guest.ts'
import { type BundledCode, evaluate } from '../realm/evaluate.ts'
import { ORIGIN, Realm } from '../realm/realm.ts'
import type { indexedDbGlobals } from '../store/indexed-db.ts'
import { guestCapabilities } from './capabilities.ts'
import { Looker } from './looker.ts'

/** A guest's file, compiled. */
export interface CompiledGuest {
  readonly about: AboutGuest
  /** File URL of the guest's file. */
  readonly source: string
  readonly app: BundledCode
  /** IndexedDB, if the app uses it. */
  readonly indexedDb?: BundledCode
}

/** Returns the client that a compiled guest is. */
export function guestClient(compiled: CompiledGuest): ClientDefinition {
  const { about, source } = compiled
  return {
    name: about.name,
    title: about.title ?? about.name,
    capabilities: guestCapabilities(about),
    source,
    create: (ports, identity) => new GuestHost(compiled, ports, identity),
  }
}

/** Hosts one incarnation of an app. */
class GuestHost implements Client {
  readonly #realm: Realm
  readonly #guest: Promise<Guest>
  readonly #place
  readonly #durable: boolean
  readonly #looker: Looker
  #app: GuestClient | undefined
  #isBooted = () => {}
  readonly #booted = new Promise<void>((resolve) => {
    this.#isBooted = resolve
  })
  /** The screen that has just been read, for the host, which asks for it in the next moment. */
  #fresh: { readonly view: View | undefined } | undefined

  constructor({ about, app, indexedDb }: CompiledGuest, ports: ClientPorts, identity: Identity) {
    this.#realm = new Realm(ports)
    this.#place = { server: ORIGIN, ...identity }
    this.#durable = about.durable ?? false
    this.#looker = new Looker(ports.clock, {
      read: async () => viewOf(await this.#readScreen()),
      change: (answer) => {
        this.#fresh = answer && { view: answer.value as View | undefined }
        ports.recorder.screen()
      },
    })
    const { window, disk } = makeGlobals(this.#realm)
    if (indexedDb) {
      const { indexedDbGlobals: make } = evaluate(indexedDb, window) as {
        indexedDbGlobals: typeof indexedDbGlobals
      }
      const made = make(disk, (error) => this.#realm.report(error))
      for (const [name, value] of Object.entries(made))
        Object.defineProperty(window, name, { value, writable: true, configurable: true })
    }
    const exported = evaluate(app, window) as Exported | Promise<Exported>
    this.#guest = Promise.resolve(exported).then(({ default: guest }) => guest)
    // Code that waits at its top level may fail before the start, which reports it.
    this.#guest.catch(() => {})
  }

  async start(): Promise<void> {
    const { app } = await this.#guest
    this.#app = await app(this.#place)
    this.#isBooted()
    this.#realm.onActivity = () => {
      this.#fresh = undefined
      this.#looker.hint()
    }
    this.#looker.hint()
  }

  perform(action: Action): Performed {
    let settle: (outcome: Settled) => void
    const settled = new Promise<Settled>((resolve) => {
      settle = resolve
    })
    const saved = new Promise<Saved>((resolve) => {
      const accept = () => {
        this.#fresh = undefined
        this.#looker.hint()
        resolve({ durable: this.#durable })
      }
      const perform = () => {
        const performed = this.#app?.perform(action)
        const { saved: accepted, settled: outcome } = partsOf(performed)
        outcome?.then(
          () => settle({ outcome: 'acked' }),
          (error) => settle({ outcome: 'rejected', reason: messageOf(error) }),
        )
        // An error that nobody caught: the person's action is not accepted, and the app goes on.
        void accepted.then(accept)
      }
      if (this.#app) this.#realm.enter(perform)
      else void this.#booted.then(() => this.#realm.enter(perform))
    })
    return { saved, settled }
  }

  view(): View | undefined | Promise<View | undefined> {
    const fresh = this.#fresh
    this.#fresh = undefined
    if (fresh) return fresh.view
    const screen = this.#readScreen()
    return screen instanceof Promise ? screen.then(viewOf) : viewOf(screen)
  }

  stop(): void {}

  #readScreen(): Screen | Promise<Screen> {
    const app = this.#app
    return app && this.#realm.read(() => app.view())
  }
}

interface Exported {
  readonly default: Guest
}

function partsOf(performed: ReturnType<GuestClient['perform']>): {
  readonly saved: Promise<unknown>
  readonly settled?: Promise<unknown> | undefined
} {
  if (typeof performed !== 'object' || performed === null || !('saved' in performed))
    return { saved: Promise.resolve(performed) }
  return {
    saved: Promise.resolve(performed.saved),
    settled: performed.settled && Promise.resolve(performed.settled),
  }
}

/** Rows alone are a whole screen. */
function viewOf(screen: Screen): View | undefined {
  return Array.isArray(screen) ? { rows: screen } : (screen as View | undefined)
}
