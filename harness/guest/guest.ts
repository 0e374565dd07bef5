/**
 * Words for the files of guests: clients and servers that know nothing of tunnelproof, with the
 * few lines that pass a person's actions to them and read what they show. These functions only
 * describe; the harness bundles the file and runs it with globals made from the ports.
 *
 * @module
 */
import type { Action } from '../core/action.ts'
import type { Capabilities } from '../core/capabilities.ts'
import type { Saved, Settled, View, ViewRow } from '../core/client.ts'
import type { HeldItem } from '../core/server.ts'

/** A name, and what differs from {@link GUEST_CAPABILITIES}. */
export interface AboutGuest extends Partial<Capabilities> {
  /** The name in reports. */
  readonly name: string
  /** A line for lists. Default: the name. */
  readonly title?: string
  /**
   * True if an action that `perform` has accepted is on disk: losing it after that breaches
   * DURABLE. Default: false, the app claims nothing.
   */
  readonly durable?: boolean
}

/** The surroundings of a guest. */
export interface GuestPlace {
  /** The server's origin: 'http://server.test'. */
  readonly server: string
  readonly device: string
  readonly user: string
}

/** A running app. */
export interface GuestClient {
  /**
   * Performs a person's action. Resolves when the person may go on. If it throws or rejects, that
   * is an error that nobody caught: it is recorded, and the action never counts as accepted. Return
   * `settled` to show the action's outcome as well: if it resolves, the app says "done", if it
   * rejects, "failed".
   */
  perform(
    action: Action,
  ):
    | undefined
    | Promise<unknown>
    | { readonly saved: Promise<unknown>; readonly settled?: Promise<unknown> }
  /**
   * Returns the rows on the screen, or the whole screen; undefined while the app still loads. It is
   * called after anything has happened in the app, at most every half second of scenario time.
   */
  view(): Screen | Promise<Screen>
}
export type Screen = readonly ViewRow[] | View | undefined

/** Starts the app, once for each incarnation, in a fresh copy of the module. */
export type GuestApp = (place: GuestPlace) => GuestClient | Promise<GuestClient>

/** The default export of a client's file. */
export interface Guest {
  readonly guest: 'client'
  readonly about: AboutGuest
  readonly app: GuestApp
}

/**
 * Describes an app on plain browser globals as a client. The whole file:
 *
 *     import { guest } from 'tunnelproof/guest'
 *
 *     export default guest({ name: 'list' }, ({ server }) => {
 *       const rows = JSON.parse(localStorage.getItem('rows') ?? '[]')
 *       return {
 *         async perform({ record, content }) {
 *           rows.push({ collection: 'messages', id: record, content })
 *           localStorage.setItem('rows', JSON.stringify(rows))
 *           await fetch(`${server}/messages`, { method: 'POST', body: JSON.stringify(content) })
 *         },
 *         view: () => rows,
 *       }
 *     })
 */
export function guest(about: AboutGuest, app: GuestApp): Guest {
  return { guest: 'client', about, app }
}

/** A server that listens. */
export interface GuestServed {
  /** Returns what the server holds now, without changing anything. */
  dump(): readonly HeldItem[] | Promise<readonly HeldItem[]>
}

/** Starts the server; it must listen on `port`. `folder` survives restarts. */
export type GuestListener = (at: {
  readonly port: number
  readonly folder: string
}) => GuestServed | Promise<GuestServed>

/** The default export of a server's file. */
export interface GuestServer {
  readonly guest: 'server'
  readonly about: { readonly name: string; readonly title?: string }
  readonly listen: GuestListener
}

/** Describes ordinary Node code that listens as a server. */
export function guestServer(about: GuestServer['about'], listen: GuestListener): GuestServer {
  return { guest: 'server', about, listen }
}

export type { Action, HeldItem, Saved, Settled, View, ViewRow }
