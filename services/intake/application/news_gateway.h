#pragma once

#include <string>
#include <string_view>

#include "services/intake/application/case_gateway.h"
#include "services/intake/application/query_gateway.h"

namespace escalon::intake {

/// What became of a source's news.
enum class NewsOutcome : uint8_t { kOpened, kAttached, kEnded, kNothingOpen };

struct News {
  NewsOutcome outcome = NewsOutcome::kOpened;
  ports::Answered answered;  ///< empty for kNothingOpen
};

/// A submission with its action, as webhooks and the topic bring it: a report opens a case or is counted on an open
/// one, a clear or a close ends the open case with its dedup key, else its number (DESIGN §6 "The source's own news").
/// Thread-safe; nothing blocks.
class NewsGateway {
 public:
  NewsGateway(CaseGateway& cases, QueryGateway& queries, LiveView& view)
      : cases_(cases), queries_(queries), view_(view) {}

  /// `news_id` names this piece of news: the same one twice has no second effect. The submission may be gone once this
  /// returns.
  void Take(const submission::v1::Submission& submission, std::string_view root, std::string news_id,
            const rpc::Caller& caller, Protocol protocol, Reply<News> reply);

 private:
  struct Ending;
  void End(std::shared_ptr<Ending> ending);

  CaseGateway& cases_;
  QueryGateway& queries_;
  LiveView& view_;
};

}  // namespace escalon::intake
