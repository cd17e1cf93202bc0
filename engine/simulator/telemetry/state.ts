export interface TelemetryState { readonly x: number }
