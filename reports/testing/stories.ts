import { at, during, scenario } from '../../harness/core/build.ts'
import { killed } from '../../harness/faults/killed.ts'
import { lostAck } from '../../harness/faults/lost-ack.ts'
import { tunnel } from '../../harness/faults/tunnel.ts'
import { send } from '../../harness/workload/chat.ts'

export const inTunnel = tunnel('ana')
export const acksLost = lostAck('ana')
export const appKilled = killed('ana')

export const tunnelStory = scenario({
  title: 'Tunnel',
  story:
    'Ana writes two messages in a tunnel and puts the phone away. ' +
    'Ben must get both, in order, without another tap.',
  devices: ['ana', 'ben'],
  steps: [
    during('2s', '4m', inTunnel),
    at('3s', send('ana', 'In the tunnel now')),
    at('9s', send('ana', 'See you at eight')),
  ],
  settle: '2m',
  exercised: { serverCommits: 2, refusedRequests: 1, actionsUnderFault: 2 },
})

export const lostAckStory = scenario({
  title: 'Lost ack',
  story:
    'The server takes Ana’s message, but the answer never arrives; then her app is killed. ' +
    'The message must not arrive twice.',
  devices: ['ana', 'ben'],
  steps: [
    during('1s', '14s', acksLost),
    at('2s', send('ana', 'The train is late')),
    during('13s', '20s', appKilled),
  ],
  settle: '2m',
  exercised: { serverCommits: 1, lostAcks: 1 },
})

export const cleanStory = scenario({
  title: 'Clean',
  story: 'Nothing goes wrong: Ana sends a message, Ben reads it.',
  devices: ['ana', 'ben'],
  steps: [at('1s', send('ana', 'Good morning'))],
  settle: '2m',
  exercised: { serverCommits: 1 },
})

/** A text that attacks its display: HTML, XML, CDATA, terminal codes, invalid Unicode. */
export const HOSTILE =
  `</script><img src=x onerror=alert(1)>"'&]]> ` + '\u0007\u001b[31m \ud83d \u202egnp.exe'

export const hostileStory = scenario({
  title: 'Hostile </title><script>alert(2)</script>',
  story: `A message tries to break out: ${HOSTILE}`,
  devices: ['ana'],
  steps: [at('1s', send('ana', HOSTILE))],
  settle: '2m',
  exercised: { serverCommits: 1 },
})
