/** Why a request fails in its own service, before it calls anybody. */
import { exponential, uniform } from '../replay/random.ts';
import { clockOffset, diskFull } from './machines.ts';
import { isPoison } from './queues.ts';
import { Outcome } from './requests.ts';
import type { Simulation } from './simulation.ts';

/** Age of a session's token when it is shown, mean, and when it ends, µs. */
const tokenAgeUs = 120_000_000;
const tokenLifeUs = 900_000_000;

/** ok, or the cause; `failed` for the service's own bug. */
export function ownFailure(simulation: Simulation, r: number): number {
  const { plan, world } = simulation;
  const { requests, endpoints, sites } = world;
  const endpoint = requests.endpoint[r] as number;
  if (plan.fallible[endpoint] === 0) return Outcome.ok;
  const instance = requests.instance[r] as number;
  const service = plan.endpointService[endpoint] as number;
  const cause = specialFailure(simulation, r, endpoint, instance);
  if (cause !== Outcome.ok) return cause;
  const left = endpoints.left[endpoint] as number;
  if (left < Infinity) {
    if (left <= 0) return Outcome.exhausted;
    endpoints.left[endpoint] = left - 1;
  }
  const ordinal = instance - (plan.instanceBase[service] as number);
  const share = sites.errorShare[(plan.siteBase[endpoint] as number) + ordinal] as number;
  if (share > 0 && uniform(world.streams, plan.streams.outcome + service) < share) {
    return Outcome.failed;
  }
  return Outcome.ok;
}

function specialFailure(
  simulation: Simulation,
  r: number,
  endpoint: number,
  instance: number,
): number {
  const { plan, world } = simulation;
  const cursor = world.requests.cursor[r] as number;
  if (cursor >= 0 && isPoison(simulation, cursor)) return Outcome.failed;
  const { writes = false, tokenLeewayUs = Infinity } = plan.endpoints[endpoint] ?? {};
  if (writes && diskFull(simulation, instance)) return Outcome.diskFull;
  if (tokenLeewayUs < Infinity && refusesToken(simulation, endpoint, instance, tokenLeewayUs)) {
    return Outcome.token;
  }
  return Outcome.ok;
}

/** A clock that is behind takes a new token for one of the future; one ahead thinks it has ended. */
function refusesToken(
  { plan, world }: Simulation,
  endpoint: number,
  instance: number,
  leewayUs: number,
): boolean {
  const offset = clockOffset(world, instance);
  if (Math.abs(offset) <= leewayUs) return false;
  const service = plan.endpointService[endpoint] as number;
  const age = tokenAgeUs * exponential(world.streams, plan.streams.outcome + service);
  return age + offset < -leewayUs || age + offset > tokenLifeUs + leewayUs;
}
