#include "common/wire/submission_codec.h"

#include "common/wire/submission_reader.h"

namespace escalon::wire {

Result<OpenCase> ReadSubmission(const submission::v1::Submission& submission, std::string_view root,
                                std::string_view default_source, const SealField& seal) {
  const Sealing sealing{seal, {}};
  CommandReader x(root, &sealing);
  x.CheckKey("idempotency_key", submission.idempotency_key());
  x.CheckKey("dedup_key", submission.dedup_key());
  if (submission.action() != submission::v1::SUBMISSION_ACTION_UNSPECIFIED &&
      submission.action() != submission::v1::SUBMISSION_ACTION_REPORT) {
    x.Fail("action", "is no report; a clear or a close is a command on the case (source_ended)");
  }
  OpenCase open;
  ReadFacts(x, submission, default_source, &open.facts);
  if (submission.has_standing()) ReadStanding(x, submission.standing(), SubjectOf(open.facts), &open);
  if (!x.ok()) return x.TakeError();
  if (x.trouble()) return *x.trouble();
  open.dedup_key = submission.dedup_key();
  open.idempotency_key = submission.idempotency_key();
  open.imported = submission.imported();
  return open;
}

}  // namespace escalon::wire
