import type { Trace, TraceChannel } from '../../core/trace.ts'
import { haveSeveralClients, haveSeveralSeeds, type Job } from '../execute/plan.ts'
import { timeColumn } from './time-column.ts'

const GAP = '  '

/**
 * Returns a function that returns the trace of a job. A line shows the scenario time, the node, the
 * channel and the event: `  12.345 s  ana     http  POST /push`. With several jobs each line begins
 * with the label of its job.
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
        const time = timeColumn(t)
        const columns = [time, node.padEnd(nodeWidth), channel.padEnd(channelWidth), visible(what)]
        print((label === '' ? columns : [label, ...columns]).join(GAP))
      },
    }
  }
}

/** Labels a job by what differs among jobs: scenario, world, client, seed; '' for a single job. */
function labels(jobs: readonly Job[]): (job: Job) => string {
  const severalScenarios = new Set(jobs.map(({ scenario }) => scenario.name)).size > 1
  const severalWorlds = new Set(jobs.map(({ world }) => world)).size > 1
  const severalSeeds = haveSeveralSeeds(jobs)
  const severalClients = haveSeveralClients(jobs.map(({ client }) => client.name))
  return ({ scenario, world, client, seed }) =>
    [
      ...(severalScenarios ? [scenario.name] : []),
      ...(severalWorlds ? [world] : []),
      ...(severalClients ? [client.name] : []),
      ...(severalSeeds ? [`seed ${seed}`] : []),
    ].join(' ')
}

const devicesOf = ({ devices }: Job['scenario']) => devices.map(({ name }) => name)

const longest = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length))

/** Replaces characters that could control the terminal: a line may quote the system under test. */
const visible = (text: string) => text.replace(/\p{C}/gu, '\ufffd')
