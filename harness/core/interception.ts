/**
 * The changes that a scenario can make to HTTP requests and responses. The gateway
 * (harness/gateway/) carries them out, between the link and the server, in both worlds: so they
 * work with any client and any server.
 *
 * @module
 */
import { z } from 'zod'

/**
 * The fields that choose requests. A request matches if it matches all fields that are present.
 *
 * @example
 * const firstPush: RequestMatch = { device: 'ana', method: 'POST', path: '/push', nth: 1 }
 */
export const requestMatchShape = {
  /** The device that sends. */
  device: z.string().optional(),
  /** The HTTP method in capital letters. */
  method: z
    .string()
    .regex(/^[A-Z]+$/, "expected a method in capital letters, such as 'POST'")
    .optional(),
  /** The beginning of the path: '/push' also matches '/push/2' and '/push?x=1'. */
  path: z.string().startsWith('/', "expected the beginning of a path, such as '/push'").optional(),
  /** True: only requests that carry a person's write, by its marker. False: only others. */
  marked: z.boolean().optional(),
  /** Only the nth request that matches the other fields, counted from 1 while the effect holds. */
  nth: z.number().int().min(1, 'expected 1 for the first request, 2 for the second …').optional(),
}
export type RequestMatch = z.infer<z.ZodObject<typeof requestMatchShape>>

/** Returns the fields of an effect that choose requests. */
export function requestMatchOf({ device, method, path, marked, nth }: RequestMatch): RequestMatch {
  return { device, method, path, marked, nth }
}

/** before: the server never sees the request. after: it has acted and responded. */
export const momentSchema = z.enum(['before', 'after'])
export type Moment = z.infer<typeof momentSchema>

/** A response in the place of the server's own. */
export interface Replacement {
  /** Absent: the server's own. Then the moment is `after`. */
  readonly status?: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /**
   * kept: the server's own body. cut: its first half, as a complete message. Both are empty if the
   * server was not asked. Or the text itself.
   */
  readonly body: 'kept' | 'cut' | { readonly text: string }
}

/**
 * The body of a response that the gateway sent, as a history states it. kept, cut: see
 * {@link Replacement}. html: a page, such as a sign-in page. empty: no body, or none to keep.
 * other: another text that is not the server's.
 */
export const sentBodySchema = z.enum(['kept', 'cut', 'html', 'empty', 'other'])
export type SentBody = z.infer<typeof sentBodySchema>

/** The change to a request that an interception matches. */
export type InterceptionAct =
  | { readonly type: 'respond'; readonly moment: Moment; readonly replacement: Replacement }
  /**
   * The response never comes. The connection breaks `breakAfter` scenario milliseconds later, or
   * when the interception is removed.
   */
  | { readonly type: 'lose-response'; readonly breakAfter?: number }
  /**
   * The request (before) or its response (after) waits for this many scenario milliseconds, at most
   * until the interception is removed.
   */
  | { readonly type: 'delay'; readonly moment: Moment; readonly ms: number }
  /** The connection breaks, before the server sees the request or after it has responded. */
  | { readonly type: 'reset'; readonly moment: Moment }
  /**
   * The node dies: when the request has arrived (before), or when the server is about to respond
   * (after). `window`: the crash window of the server's state that fires. A node dies once.
   */
  | {
      readonly type: 'kill'
      readonly moment: Moment
      readonly node: string
      readonly window?: string
    }

export interface Interception {
  readonly match: RequestMatch
  readonly act: InterceptionAct
  /**
   * Ends the interception for a device as soon as the server's own success to such a request is
   * passed to it. Such requests are never intercepted.
   */
  readonly until?: Pick<RequestMatch, 'method' | 'path'>
}
