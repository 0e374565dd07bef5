import { at, during, scenario } from '../harness/core/build.ts'
import { rateLimited } from '../harness/faults/rate-limited.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Rate limited',
  story:
    "The server tells Ana's phone to slow down. " +
    'Her messages wait as long as it says, and then arrive: to come later is not to be refused.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Boarding now')),
    during('25s', '70s', rateLimited('ana')),
    at('30s', send('ana', 'Which platform are you on?')),
    at('40s', send('ben', 'Platform nine')),
    at('48s', send('ana', 'On my way')),
    at('85s', send('ben', 'I can see you')),
  ],
  exercised: { serverCommits: 5, replacedResponses: 2, actionsUnderFault: 2 },
})
