export function mountEvidence() {}
