import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'
import { momentSchema, type Replacement, requestMatchShape } from '../core/interception.ts'

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
    /** The header Retry-After, in scenario milliseconds; the header itself has whole seconds. */
    retryAfter: z.number().int().nonnegative().multipleOf(1000).optional(),
    /**
     * kept: the server's own, if it has responded. cut: the first half of that. html: a sign-in
     * page. empty: none.
     */
    body: z.enum(['kept', 'cut', 'html', 'empty']).default('empty'),
    /** Ends the effect for a device when the server has answered such a request with success. */
    until: z.object({ method: requestMatchShape.method, path: requestMatchShape.path }).optional(),
  }),
  example: { effect: 'http-response', device: 'ana', moment: 'before', status: 503, body: 'empty' },
  cumulative: true,
  caption: ({ device, status, moment }) =>
    `${device ?? 'everybody'} gets ${status ?? 'another answer'} ${moment === 'before' ? 'instead of an answer' : 'after the server has acted'}`,
  check: ({ status, moment }) =>
    status === undefined && moment === 'before'
      ? "expected a 'status': before the server has responded, there is none to keep"
      : undefined,
  begin: (spec, { stage, id }) => {
    const { device, method, path, marked, nth, moment, status, retryAfter, body, until } = spec
    const replacement: Replacement = {
      ...(status !== undefined && { status }),
      headers: {
        ...(retryAfter !== undefined && { 'retry-after': String(retryAfter / 1000) }),
        ...(body === 'html' && { 'content-type': 'text/html; charset=utf-8' }),
      },
      body: body === 'html' ? { text: PORTAL } : body === 'empty' ? { text: '' } : body,
    }
    stage.gateway.add(id, {
      match: { device, method, path, marked, nth },
      act: { type: 'respond', moment, replacement },
      ...(until && { until }),
    })
  },
  end: (_, { stage, id }) => stage.gateway.remove(id),
})
