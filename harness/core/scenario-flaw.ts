import type { Json } from './json.ts'
import { MARKERS, markerText } from './mark.ts'
import { type ActionStep, type FaultStep, isAction, type Scenario } from './scenario.ts'
import { spanText } from './time.ts'

/** The place of a mistake in a scenario, such as `steps.3.until`, and the mistake in words. */
export interface ScenarioFlaw {
  readonly path: string
  readonly message: string
}

/** The names of the nodes that are no devices. */
const RESERVED: readonly string[] = ['server', 'harness']

/**
 * Returns the first mistake that makes a scenario's history ambiguous, or its steps impossible:
 * names that are used twice, markers of other operations, instants in the wrong order.
 */
export function scenarioFlaw(scenario: Scenario): ScenarioFlaw | undefined {
  return deviceFlaw(scenario) ?? operationsFlaw(scenario) ?? stepsFlaw(scenario)
}

function deviceFlaw({ devices }: Scenario): ScenarioFlaw | undefined {
  const names = new Set<string>()
  for (const [index, { name }] of devices.entries()) {
    const path = `devices.${index}.name`
    if (RESERVED.includes(name))
      return { path, message: `'${name}' is a node of its own: give the device another name` }
    if (names.has(name)) return { path, message: `two devices are called '${name}'` }
    names.add(name)
  }
  return undefined
}

function operationsFlaw({ steps, devices }: Scenario): ScenarioFlaw | undefined {
  const stepOf = new Map<string, number>()
  for (const [index, step] of steps.entries()) {
    if (!isAction(step)) continue
    const { opId } = step.action
    const path = `steps.${index}.action.opId`
    const earlier = stepOf.get(opId)
    if (earlier !== undefined)
      return { path, message: `steps.${earlier} is called '${opId}' already` }
    if (devices.some(({ name }) => opId === `${name}-probe`))
      return { path, message: `'${opId}' is the name of the probe's own operation` }
    stepOf.set(opId, index)
  }
  return undefined
}

function stepsFlaw(scenario: Scenario): ScenarioFlaw | undefined {
  for (const [index, step] of scenario.steps.entries()) {
    const flaw = isAction(step)
      ? actionFlaw(scenario, step, index)
      : faultFlaw(scenario, step as FaultStep)
    if (flaw) return { path: `steps.${index}.${flaw.path}`, message: flaw.message }
  }
  return undefined
}

function actionFlaw(scenario: Scenario, step: ActionStep, index: number): ScenarioFlaw | undefined {
  const { device, action } = step
  const names = scenario.devices.map(({ name }) => name)
  if (!names.includes(device)) return unknownNode('device', device, names)
  if (action.type === 'cancel') {
    const message = targetMessage(scenario, step, action.target, index)
    if (message !== undefined) return { path: 'action.target', message }
  }
  if ('content' in action) {
    const own = markerText(action)
    const foreign = markersIn(action.content).find((marker) => marker !== own)
    if (foreign !== undefined)
      return {
        path: 'action.content',
        message: `expected the marker ${own} or none; got ${foreign}`,
      }
  }
  return lateFlaw('at', step.at, scenario.healAt)
}

function targetMessage(
  { steps }: Scenario,
  { at, device }: ActionStep,
  target: string,
  index: number,
): string | undefined {
  const found = steps.findIndex((step) => isAction(step) && step.action.opId === target)
  const step = steps[found]
  if (!step || !isAction(step)) return `there is no operation '${target}' to cancel`
  if (step.device !== device)
    return `'${target}' is an operation of ${step.device}: ${device} cannot cancel it`
  if (step.action.type === 'cancel' || step.action.type === 'refresh')
    return `'${target}' is a ${step.action.type}, which cannot be cancelled`
  if (step.at > at || (step.at === at && found > index))
    return `'${target}' comes later, at ${spanText(step.at)}`
  return undefined
}

function faultFlaw({ devices, healAt }: Scenario, step: FaultStep): ScenarioFlaw | undefined {
  const { at, until, fault } = step
  const names = devices.map(({ name }) => name)
  for (const [i, node] of fault.nodes.entries()) {
    const known = [...names, 'server']
    if (!known.includes(node)) return unknownNode(`fault.nodes.${i}`, node, known)
  }
  for (const [i, { device }] of fault.effects.entries()) {
    if (typeof device === 'string' && !names.includes(device))
      return unknownNode(`fault.effects.${i}.device`, device, names)
  }
  if (until !== undefined && until <= at)
    return {
      path: 'until',
      message: `'${fault.name}' begins at ${spanText(at)}: expected a later end, got ${until} ms`,
    }
  return lateFlaw('at', at, healAt) ?? lateFlaw('until', until ?? at, healAt)
}

function lateFlaw(path: string, instant: number, healAt: number): ScenarioFlaw | undefined {
  if (instant <= healAt) return undefined
  const message =
    `expected an instant until everything is healed (healAt), at ${spanText(healAt)}; ` +
    `got ${spanText(instant)}`
  return { path, message }
}

function unknownNode(path: string, name: string, known: readonly string[]): ScenarioFlaw {
  return { path, message: `expected one of ${known.join(', ')}; got '${name}'` }
}

function markersIn(value: Json): string[] {
  if (typeof value === 'string') return value.match(MARKERS) ?? []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((member: Json) => markersIn(member))
}
