/** The name of a service does not resolve: open connections live on, new ones find nobody. */
import { DnsAnswer } from '../links.ts';
import type { FaultModule } from './fault.ts';

export const dns: FaultModule<'dns'> = {
  shape({ world }, fault) {
    world.services.dns[fault.service] = DnsAnswer[fault.answer];
  },
};
