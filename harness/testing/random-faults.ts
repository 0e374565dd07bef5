import type { Fault } from '../core/fault.ts'
import type { Random } from '../core/random.ts'
import { clockSkew } from '../faults/clock-skew.ts'
import { doze } from '../faults/doze.ts'
import { flaky } from '../faults/flaky.ts'
import { killed } from '../faults/killed.ts'
import { latency } from '../faults/latency.ts'
import { lieFi } from '../faults/lie-fi.ts'
import { lostAck } from '../faults/lost-ack.ts'
import { oneWay } from '../faults/one-way.ts'
import { partition } from '../faults/partition.ts'
import { serverCrash } from '../faults/server-crash.ts'
import { serverDown } from '../faults/server-down.ts'
import { toxic } from '../faults/toxic.ts'
import { tunnel } from '../faults/tunnel.ts'
import { wifiToMobile } from '../faults/wifi-to-mobile.ts'

/** Makes a fault of one kind on a device, with random parameters. */
export type RandomFault = (device: string, random: Random) => Fault

/** The kinds of faults of random stories. Kills are listed twice: they find most. */
export const RANDOM_FAULTS: readonly RandomFault[] = [
  tunnel,
  (device) => partition(device),
  lieFi,
  (device, random) => oneWay(device, streamOf(random)),
  (device, random) => lostAck(device, { after: random.int(1, 20_000) }),
  (device, random) =>
    latency(device, {
      upstream: random.int(100, 16_000),
      downstream: random.int(100, 16_000),
      jitter: random.int(0, 5000),
    }),
  (device, random) => flaky(device, { resets: random.next() }),
  wifiToMobile,
  doze,
  killed,
  killed,
  serverDown,
  (_device, random) => serverCrash(random.next() < 0.5 ? 'before-commit' : 'after-commit'),
  (device, random) =>
    clockSkew(device, random.next() < 0.5 ? 'ahead' : 'behind', random.int(1000, 86_400_000)),
  (device, random) =>
    single('reset', device, random, 'reset_peer', { timeout: random.int(0, 400) }),
  (device, random) =>
    single('limit-data', device, random, 'limit_data', { bytes: random.int(60, 900) }),
  (device, random) => single('bandwidth', device, random, 'bandwidth', { rate: random.int(1, 4) }),
]

/** All phones are off for long, and the server restarts after it: it forgets old tombstones. */
export function monthWithoutPhones(devices: readonly string[]): Fault {
  const dead = [...devices.map(killed), serverDown()]
  return {
    name: 'month',
    caption: 'all phones and the server are off',
    nodes: dead.flatMap(({ nodes }) => nodes),
    effects: dead.flatMap(({ effects }) => effects),
  }
}

function single(
  name: string,
  device: string,
  random: Random,
  type: string,
  attributes: Readonly<Record<string, number>>,
): Fault {
  const effect = toxic(device, streamOf(random), type, attributes)
  return { name, caption: `${device}'s link: ${name}`, nodes: [device], effects: [effect] }
}

function streamOf(random: Random): 'upstream' | 'downstream' {
  return random.next() < 0.5 ? 'upstream' : 'downstream'
}
