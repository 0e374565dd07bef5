import type { EffectSpec, Fault } from '../core/fault.ts'
import type { Moment, RequestMatch } from '../core/interception.ts'
import type { Random } from '../core/random.ts'
import acksLost from '../effects/acks-lost.ts'
import deviceCrash from '../effects/device-crash.ts'
import httpDelay from '../effects/http-delay.ts'
import httpReset from '../effects/http-reset.ts'
import httpResponse from '../effects/http-response.ts'
import serverCrash from '../effects/server-crash.ts'
import { oneOf } from './one-of.ts'
import type { RandomFault } from './random-faults.ts'

/** Statuses of anybody on the path: sign-in pages, proxies, load balancers, other servers. */
export const STATUSES = [
  200, 200, 201, 204, 302, 400, 403, 404, 409, 410, 422, 429, 500, 502, 503, 503, 504,
] as const
export const BODIES = ['kept', 'cut', 'html', 'empty'] as const
const PATHS = ['/push', '/changes', '/messages'] as const
const POINTS = ['received', 'responding'] as const

/** The kinds of faults that act on HTTP requests. Replaced responses have the most variants. */
export const RANDOM_HTTP_FAULTS: readonly RandomFault[] = [
  replaced,
  replaced,
  signedOut,
  (device) => fault('acks-lost', device, acksLost.spec({ device })),
  (device, random) =>
    fault(
      'http-delay',
      device,
      httpDelay.spec({
        ...chosen(device, random),
        moment: momentOf(random),
        ms: random.int(100, 40_000),
      }),
    ),
  (device, random) =>
    fault(
      'http-reset',
      device,
      httpReset.spec({ ...chosen(device, random), moment: momentOf(random) }),
    ),
  (device, random) =>
    fault(
      'device-crash',
      device,
      deviceCrash.spec({ ...chosen(device, random), device, point: oneOf(random, POINTS) }),
    ),
  (device, random) =>
    fault(
      'server-crash-http',
      'server',
      serverCrash.spec({ ...chosen(device, random), point: oneOf(random, POINTS) }),
    ),
]

function replaced(device: string, random: Random): Fault {
  const status = oneOf(random, STATUSES)
  const mayWait = status === 429 || status === 503
  return fault(
    'http-response',
    device,
    httpResponse.spec({
      ...chosen(device, random),
      moment: momentOf(random),
      status,
      body: oneOf(random, BODIES),
      ...(mayWait && random.next() < 0.7 && { retryAfter: 1000 * random.int(0, 40) }),
    }),
  )
}

/** Everything gets 401 until the app has renewed its session, if it can. */
function signedOut(device: string, random: Random): Fault {
  return fault(
    'signed-out',
    device,
    httpResponse.spec({
      device,
      moment: momentOf(random),
      status: 401,
      body: oneOf(random, BODIES),
      ...(random.next() < 0.8 && { until: { method: 'POST', path: '/session' } }),
    }),
  )
}

function fault(name: string, node: string, effect: EffectSpec): Fault {
  return { name, caption: `${node}: ${name}`, nodes: [node], effects: [effect] }
}

/** Chooses requests of the device: all, or those that some of the other fields choose. */
function chosen(device: string, random: Random): RequestMatch {
  return {
    device,
    ...(random.next() < 0.2 && { path: oneOf(random, PATHS) }),
    ...(random.next() < 0.2 && { method: oneOf(random, ['GET', 'POST']) }),
    ...(random.next() < 0.4 && { marked: random.next() < 0.7 }),
    ...(random.next() < 0.3 && { nth: random.int(1, 4) }),
  }
}

const momentOf = (random: Random): Moment => oneOf(random, ['before', 'after'])
