/** The certificate of a service has ended: open connections live on, new ones fail to shake hands. */
import type { FaultModule } from './fault.ts';

export const certificateExpiry: FaultModule<'certificate-expiry'> = {
  shape({ world }, fault) {
    world.services.certificateEnded[fault.service] = 1;
  },
};
