import { at, scenario } from '../harness/core/build.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Answers, control',
  story:
    'The same as the stories of wrong answers ("Overloaded", "Captive portal" and others), ' +
    'with the right ones: whoever fails there, and passes here, fails for the answers alone.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Boarding now')),
    at('30s', send('ana', 'Which platform are you on?')),
    at('40s', send('ben', 'Platform nine')),
    at('48s', send('ana', 'On my way')),
    at('85s', send('ben', 'I can see you')),
  ],
  exercised: { serverCommits: 5 },
})
