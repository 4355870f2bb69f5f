#include "common/documents/policy_document.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace escalon;
  const Result<PolicyDocument> read = ParsePolicyDocument(fuzz::TextOf(data, size), "acme", 1);
  if (read.ok()) {
    fuzz::Must(Findings(read->policy).empty(), "a policy that is taken has no findings");
  } else {
    fuzz::Must(!read.error().fields.empty() || !read.error().message.empty(), "a refusal says why");
  }
  return 0;
}
