#pragma once

#include <functional>

#include "common/http/message.h"
#include "common/runtime/trace_context.h"
#include "common/security/signed_link.h"
#include "services/intake/application/case_gateway.h"
#include "services/intake/application/query_gateway.h"

namespace escalon::intake {

/// Signed links: looking shows a page, sending the page's form does what the link allows, on behalf of the person it
/// names. A link used twice has no second effect, because its command id follows from the notification's intent.
/// Thread-safe; nothing blocks.
class LinkGateway {
 public:
  LinkGateway(LinkSigner signer, CaseGateway& cases, QueryGateway& queries, LiveView& view, const Clock& clock,
              IntakeMetrics& metrics)
      : signer_(std::move(signer)), cases_(cases), queries_(queries), view_(view), clock_(clock), metrics_(metrics) {}

  using Done = std::function<void(http::Response)>;
  void Show(const http::Request& request, Done done);
  void Act(const http::Request& request, Done done);

 private:
  rpc::Caller CallerOf(const SignedLink& link, const http::Request& request) const;
  void FindCase(const SignedLink& link, const rpc::Caller& caller, uint64_t min_version,
                std::function<void(Result<FoundCase>)> done);
  void Answer(const SignedLink& link, bool json, const Result<Accepted>& accepted, const rpc::Caller& caller,
              const Done& done);

  const LinkSigner signer_;
  CaseGateway& cases_;
  QueryGateway& queries_;
  LiveView& view_;
  const Clock& clock_;
  IntakeMetrics& metrics_;
};

/// The form of a page, decoded and judged.
struct LinkForm {
  int score = 0;
  std::string text;
};
Result<LinkForm> ReadLinkForm(LinkAction action, std::string_view body);
/// What the holder of a link asks for; `track`: of the page that brought the link. Pure.
cases::v1::Command CommandOfLink(const SignedLink& link, const LinkForm& form, Track track);

}  // namespace escalon::intake
