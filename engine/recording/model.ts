/** Under which names the fields of a log record in JSON lines are looked for, most telling first. */
export type JsonlField = 'time' | 'severity' | 'service' | 'body' | 'trace';

export const jsonlFieldNames: Readonly<Record<JsonlField, readonly string[]>> = {
  time: ['ts', 'time', 'timestamp', '@timestamp', 'timeUnixNano', 'datetime', 'date', 't'],
  severity: [
    'level',
    'severity',
    'severity_text',
    'severityText',
    'severity_number',
    'severityNumber',
    'log.level',
    'levelname',
    'lvl',
  ],
  service: ['service', 'service.name', 'service_name', 'serviceName', 'app', 'application'],
  body: ['msg', 'message', 'body', 'log', 'text', 'line', 'event'],
  trace: ['trace_id', 'traceId', 'traceID', 'trace.id', 'trace'],
};
