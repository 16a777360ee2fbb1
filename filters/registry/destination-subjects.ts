/** Under which subjects a schema is registered at the destination: as at the source, with the topic's name replaced. */

export interface SubjectContext {
  readonly topic: string;
  readonly destinationTopic: string;
  readonly target: "key" | "value";
}

/**
 * The subjects for a schema that the source has under `subjects`, at least one, in order.
 *
 * - The source topic's own (`<topic>-value`, the TopicNameStrategy), if it is among them, and then no other: the schema
 *   may serve any number of topics.
 * - Else those that begin with the topic's name (`<topic>-<record>`, the TopicRecordNameStrategy).
 * - Else all of them (`<record>`, the RecordNameStrategy), as they are. Of a schema under no subject any more: the
 *   destination topic's own.
 */
export function destinationSubjects(subjects: readonly string[], context: SubjectContext): string[] {
  const { topic, destinationTopic, target } = context;
  const own = `${topic}-${target}`;
  if (subjects.length === 0 || subjects.includes(own)) return [`${destinationTopic}-${target}`];
  const begin = `${topic}-`;
  // Those of other topics whose names begin like this one's end in -key or -value; no record's name does.
  const ofRecords = subjects.filter((subject) => subject.startsWith(begin) && !/-(?:key|value)$/.test(subject));
  if (ofRecords.length > 0)
    return ofRecords.map((subject) => `${destinationTopic}-${subject.slice(begin.length)}`).sort();
  return [...subjects].sort();
}

/**
 * The same for a reduced schema where source and destination share a registry: a subject of the source's must not get a
 * version that its producers never wrote.
 */
export function subjectsBesideTheSource(subjects: readonly string[], context: SubjectContext): string[] {
  const taken = new Set([...subjects, `${context.topic}-${context.target}`]);
  return destinationSubjects(subjects, context).map((subject) =>
    taken.has(subject) ? besideTheSource(subject) : subject,
  );
}

/** A subject for what would otherwise be a version of a subject of the source's. */
export function besideTheSource(subject: string): string {
  return `${subject}.strait-reduced`;
}
