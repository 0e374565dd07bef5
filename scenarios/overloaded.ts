import { at, during, scenario } from '../harness/core/build.ts'
import { overloaded } from '../harness/faults/overloaded.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Overloaded',
  story:
    'The server is overloaded for a while, and says when to come back. ' +
    'Nothing that was written meanwhile is lost, and nobody comes back earlier by themselves.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Boarding now')),
    during('25s', '70s', overloaded('ana')),
    during('25s', '70s', overloaded('ben')),
    at('30s', send('ana', 'Which platform are you on?')),
    at('40s', send('ben', 'Platform nine')),
    at('48s', send('ana', 'On my way')),
    at('85s', send('ben', 'I can see you')),
  ],
  exercised: { serverCommits: 5, replacedResponses: 2, actionsUnderFault: 3 },
})
