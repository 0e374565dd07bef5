import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'
import {
  momentSchema,
  type Replacement,
  type RequestMatch,
  requestMatchOf,
  requestMatchShape,
} from '../core/interception.ts'

const PORTAL = '<!doctype html><title>Welcome</title><h1>Sign in to use this Wi-Fi</h1>\n'

/**
 * Sends a response in the place of the server's: before the server sees the request, or after it
 * has acted on it.
 */
export default defineEffect({
  name: 'http-response',
  schema: z.object({
    effect: z.literal('http-response'),
    ...requestMatchShape,
    moment: momentSchema.default('before'),
    /** Default: the server's own, if it has responded. */
    status: z.number().int().min(200).max(599).optional(),
    /** The span for the header Retry-After, which has seconds, in scenario milliseconds. */
    retryAfter: z
      .number()
      .int()
      .nonnegative()
      .multipleOf(1000, 'expected milliseconds that are whole seconds, such as 5000')
      .optional(),
    /**
     * kept: the server's own, if it has responded. cut: the first half of that. html: a sign-in
     * page. empty: none. A status 204 or 304 never has a body.
     */
    body: z.enum(['kept', 'cut', 'html', 'empty']).default('empty'),
    /**
     * Ends the effect for a device when the server has answered such a request with success. These
     * requests always reach the server.
     */
    until: z.object({ method: requestMatchShape.method, path: requestMatchShape.path }).optional(),
  }),
  example: { effect: 'http-response', device: 'ana', moment: 'before', status: 503, body: 'empty' },
  cumulative: true,
  caption: ({ device, status, moment }) =>
    `${device ?? 'everybody'} gets ${status ?? 'another answer'} ${moment === 'before' ? 'instead of an answer' : 'after the server has acted'}`,
  check: ({ method, path, status, moment, until }) =>
    status === undefined && moment === 'before'
      ? "expected a 'status': before the server has responded, there is none to keep"
      : untilFlaw({ method, path }, until),
  begin: (spec, { stage, id }) => {
    const { moment, status, retryAfter, body, until } = spec
    const replacement: Replacement = {
      ...(status !== undefined && { status }),
      headers: {
        ...(retryAfter !== undefined && { 'retry-after': String(retryAfter / 1000) }),
        ...(body === 'html' && { 'content-type': 'text/html; charset=utf-8' }),
      },
      body: body === 'html' ? { text: PORTAL } : body === 'empty' ? { text: '' } : body,
    }
    stage.gateway.add(id, {
      match: requestMatchOf(spec),
      act: { type: 'respond', moment, replacement },
      ...(until && { until }),
    })
  },
  end: (_, { stage, id }) => stage.gateway.remove(id),
})

/** Returns an error message if `until` exempts each request that the effect is about. */
function untilFlaw(
  match: Pick<RequestMatch, 'method' | 'path'>,
  until: Pick<RequestMatch, 'method' | 'path'> | undefined,
): string | undefined {
  if (!until) return undefined
  if (until.method === undefined && until.path === undefined)
    return "until: expected a 'method' or a 'path'"
  const isExempt =
    (until.method === undefined || until.method === match.method) &&
    (until.path === undefined || match.path?.startsWith(until.path) === true)
  return isExempt
    ? 'until: expected other requests than the effect is about: those of until are exempt from it'
    : undefined
}
