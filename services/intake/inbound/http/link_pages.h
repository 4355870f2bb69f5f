#pragma once

#include <string>
#include <string_view>

#include "common/domain/case.h"
#include "common/http/message.h"
#include "common/security/signed_link.h"

/// The small pages behind signed links: no script, nothing loaded from elsewhere, every text escaped. Opening one
/// changes nothing, because mail scanners open links; the button posts. Pure.
namespace escalon::intake {

/// Where the case stands and, where the link allows more than looking, a form that posts to the same address.
http::Response LinkPage(const SignedLink& link, const Case& c);
/// After the form was sent.
http::Response LinkDonePage(LinkAction action, const Case* c, std::string_view outcome);
/// Status as ProblemResponse would have it.
http::Response LinkErrorPage(const Error& error);

}  // namespace escalon::intake
