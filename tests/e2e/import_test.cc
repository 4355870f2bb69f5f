// Cases of another system come in with their past, through the whole of Escalon, and nobody is told.
#include <gmock/gmock.h>

#include "common/runtime/system_clock.h"
#include "tests/e2e/end_to_end.h"

namespace escalon::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

json Old(const std::string& ref, const std::string& person) {
  return {{"title", "from the old desk"},
          {"external_ref", ref},
          {"idempotency_key", "import/" + ref},
          {"imported", true},
          {"standing",
           {{"priority", "PRIORITY_P2"},
            {"person", person},
            {"opened_at", FormatInstant(runtime::SystemClock().WallMs() - 30 * kDayMs)},
            {"history", "rebooted it twice\nasked the vendor"}}}};
}

TEST_F(EndToEnd, a_case_of_another_system_comes_in_with_its_past_and_pages_nobody) {
  const std::string ref = Fresh("OLD");
  const json old = Old(ref, "bob");
  const std::string id = source_.Submit(old);
  const auto c = AwaitState(id, CaseState::kAcknowledged);
  EXPECT_EQ(c->owner.person, "bob");
  EXPECT_EQ(c->priority, Priority::kP2);
  EXPECT_FALSE(c->breaches.empty()) << "what was due there is shown as broken";
  // The same number again is the same case.
  EXPECT_EQ(source_.Submit(old), id);
  // When the page of a later case has come, none of this one has.
  const std::string later = source_.Submit(Incident(Fresh("INC")));
  sink().Await("ann", later);
  for (const Message& message : sink().All()) EXPECT_NE(message.case_id(), id) << message.person << " was told";
  EXPECT_THAT(ann_.Get("/v1/cases/" + id + "/history").body, HasSubstr("asked the vendor"));
}

}  // namespace
}  // namespace escalon::test
