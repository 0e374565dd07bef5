import type { Trace, TraceChannel } from '../../core/trace.ts'
import type { Job } from '../execute/plan.ts'

const GAP = '  '

/**
 * Returns the trace of each job. A line shows the scenario time, the node, the channel and what
 * happened: `  12.345 s  ana     http  POST /push`. With several jobs it begins with the job's
 * name.
 */
export function traceLines(
  channels: readonly TraceChannel[],
  jobs: readonly Job[],
  print: (line: string) => void,
): (job: Job) => Trace {
  const labelOf = labels(jobs)
  const labelWidth = longest(jobs.map(labelOf))
  const nodeWidth = longest(['server', ...jobs.flatMap(({ scenario }) => devicesOf(scenario))])
  const channelWidth = longest(channels)
  const on = new Set(channels)
  return (job) => {
    const label = labelOf(job).padEnd(labelWidth)
    return {
      has: (channel) => on.has(channel),
      line: (channel, t, node, what) => {
        if (!on.has(channel)) return
        const time = `${(t / 1000).toFixed(3).padStart(8)} s`
        const columns = [time, node.padEnd(nodeWidth), channel.padEnd(channelWidth), visible(what)]
        print((label === '' ? columns : [label, ...columns]).join(GAP))
      },
    }
  }
}

/** Names what tells the jobs apart: the scenario, the world, both, or nothing for a single job. */
function labels(jobs: readonly Job[]): (job: Job) => string {
  const severalScenarios = new Set(jobs.map(({ scenario }) => scenario.name)).size > 1
  const severalWorlds = new Set(jobs.map(({ world }) => world)).size > 1
  return ({ scenario, world }) =>
    [...(severalScenarios ? [scenario.name] : []), ...(severalWorlds ? [world] : [])].join(' ')
}

const devicesOf = ({ devices }: Job['scenario']) => devices.map(({ name }) => name)

const longest = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length))

/** A line may quote what is under test: characters that could steer the terminal are replaced. */
const visible = (text: string) => text.replace(/\p{C}/gu, '\ufffd')
