import type { Action } from '../../../core/action.ts'
import type { View } from '../../../core/client.ts'
import type { EventBody } from '../../../core/event.ts'
import { isThenable } from '../../../core/flaw.ts'
import { messageOf } from '../../../core/problem.ts'
import type { GuestClient, Screen } from '../../../guest/guest.ts'
import type { BrowserPage } from './browser-page.ts'

/** In real milliseconds: between two attempts to open a page. */
const REOPEN_MS = 1000

export interface BrowserHostOptions {
  /** The app's claim for each action that it has accepted. */
  readonly durable: boolean
  emit(event: EventBody): void
  /** Receives each view that differs from the last one, and each that was asked for. */
  onView(view: View): void
}

/**
 * Hosts one incarnation of an app in a browser: passes it a person's actions and reads its screen.
 * A person acts and looks at one thing at a time.
 */
export class BrowserHost {
  readonly #options: BrowserHostOptions
  #browser: BrowserPage | undefined
  #app: GuestClient | undefined
  /** Why the page is not open. */
  #failure: string | undefined
  /** Settles when the first attempt to open the page is over. */
  #opened: Promise<void> = Promise.resolve()
  #acting: Promise<void> = Promise.resolve()
  #looking: Promise<void> = Promise.resolve()
  /** Counts the reports on actions: a screen that was read across one is read again. */
  #reports = 0
  #lastView = ''
  readonly #reported = new Set<string>()

  constructor(options: BrowserHostOptions) {
    this.#options = options
  }

  /** Installs the app. Rejects if the browser or the page does not start. */
  async install(launching: Promise<BrowserPage>): Promise<BrowserPage> {
    this.#browser = await launching
    this.#app = await this.#browser.install()
    return this.#browser
  }

  /**
   * Opens the app that is installed, again and again if its page does not open. Resolves after the
   * first attempt; rejects if the browser does not start.
   */
  async open(launching: Promise<BrowserPage>): Promise<BrowserPage> {
    let firstIsOver = () => {}
    this.#opened = new Promise((resolve) => {
      firstIsOver = resolve
    })
    const browser = await launching
    this.#browser = browser
    await this.#load(browser)
    firstIsOver()
    if (!this.#app) void this.#reopen(browser)
    return browser
  }

  /** Passes a person's action to the app, after those before. */
  perform(action: Action): void {
    this.#acting = this.#acting.then(() => this.#perform(action))
  }

  /** Reads the screen and reports it if it has changed, or `always`. */
  view(always = false): Promise<void> {
    this.#looking = this.#looking.then(() => this.#view(always))
    return this.#looking
  }

  /** Resolves when the page answers: a page that spins never does. */
  async responds(): Promise<void> {
    if (this.#app) await this.#browser?.page.evaluate('0').catch(() => {})
  }

  /** Returns a picture of the screen, a PNG in base64; undefined if there is none. */
  async picture(): Promise<string | undefined> {
    const png = await this.#browser?.page.screenshot().catch(() => undefined)
    return png?.toString('base64')
  }

  async #load(browser: BrowserPage): Promise<void> {
    try {
      this.#app = await browser.load()
      this.#failure = undefined
    } catch (error) {
      this.#failure = messageOf(error)
      this.#reportError(this.#failure)
    }
  }

  async #reopen(browser: BrowserPage): Promise<void> {
    while (!this.#app) {
      await new Promise((resolve) => setTimeout(resolve, REOPEN_MS))
      await this.#load(browser)
    }
  }

  async #perform(action: Action): Promise<void> {
    await this.#opened
    const { opId } = action
    if (!this.#app) {
      this.#report({ type: 'refused', opId, reason: this.#failure ?? 'the page is not open' })
      return
    }
    try {
      const { saved, settled } = promisesOf(this.#app.perform(action))
      this.#reportSettled(opId, settled)
      const value = await saved
      const refusal = refusalIn(value)
      const { durable } = this.#options
      if (refusal !== undefined) this.#report({ type: 'refused', opId, reason: refusal })
      else this.#report({ type: 'saved', opId, durable })
      await this.view()
    } catch (error) {
      this.#reportError(`perform(${opId}): ${messageOf(error)}`)
    }
  }

  #reportSettled(opId: string, settled: Promise<unknown> | undefined): void {
    settled?.then(
      () => this.#report({ type: 'settled', opId, outcome: 'acked' }),
      (error: unknown) =>
        this.#report({ type: 'settled', opId, outcome: 'rejected', reason: messageOf(error) }),
    )
  }

  /** A screen may have been read before an action of which the report is recorded first. */
  async #view(always: boolean): Promise<void> {
    for (;;) {
      const reports = this.#reports
      const view = await this.#read()
      if (reports !== this.#reports) continue
      const json = JSON.stringify(view)
      if (view && (always || json !== this.#lastView)) this.#options.onView(view)
      this.#lastView = json
      return
    }
  }

  async #read(): Promise<View | undefined> {
    try {
      return viewOf(await this.#app?.view())
    } catch (error) {
      const message = messageOf(error)
      // The page has been loaded again meanwhile: there is nothing to see yet.
      if (!/Execution context was destroyed|frame was detached/.test(message))
        this.#reportError(`view(): ${message}`)
      return undefined
    }
  }

  #report(event: EventBody): void {
    this.#reports++
    this.#options.emit(event)
  }

  /** A view is read again and again: the same error is reported once. */
  #reportError(text: string): void {
    const message = text.split('\n')[0] ?? ''
    if (this.#reported.has(message)) return
    this.#reported.add(message)
    this.#options.emit({ type: 'error', message })
  }
}

type Performed = ReturnType<GuestClient['perform']>

function promisesOf(performed: Performed): {
  readonly saved: Promise<unknown>
  readonly settled?: Promise<unknown> | undefined
} {
  if (performed === undefined || isThenable(performed)) return { saved: Promise.resolve(performed) }
  return performed
}

function refusalIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('refused' in value)) return undefined
  return String(value.refused)
}

function viewOf(screen: Screen): View | undefined {
  return Array.isArray(screen) ? { rows: screen } : (screen as View | undefined)
}
